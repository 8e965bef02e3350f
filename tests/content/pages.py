"""What is read off a page of the shop."""

import re


def body_classes(response):
    (found,) = re.findall(r'<body id="[^"]*" class="([^"]*)"', response.text)
    return found.split()


def customer_classes(response):
    return [name for name in body_classes(response) if name.startswith("customer-")]


def stylesheets(response):
    return re.findall(r'<link rel="stylesheet" href="([^"]*/styles/[^"]*)">', response.text)
