"""What staff wrote down about some customers, with files."""

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile

from demo.logins import ADMIN, EDITOR
from demo.pictures import draw_picture
from oscar_customers_ext.customers.notes.actions import add_note, edit_note, pin_note
from oscar_customers_ext.models import Customer

MEASURES = b"Kitchen shelf\r\nwidth;62 cm\r\ndepth;31 cm\r\n"

#: E-mail address, who wrote it, text, files by name, whether it is pinned.
NOTES = (
    (
        "luca.galli@example.com",
        EDITOR,
        "Ordered for his restaurant before: asks for an invoice with the VAT number each time.",
        {},
        False,
    ),
    (
        "luca.galli@example.com",
        ADMIN,
        "Wants a shelf full of bowls in the autumn.\n\n– 24 pieces\n– glaze like the sample\n– measures attached",
        {"measures.csv": MEASURES, "sample.png": draw_picture("bowl", "#f3e3d3", "#c8643c", "#8f3f22")},
        False,
    ),
    (
        "luca.galli@example.com",
        EDITOR,
        "Ring before delivery: the courtyard gate is locked until ten.",
        {},
        True,
    ),
    (
        "grace.okonkwo@example.com",
        EDITOR,
        "No nuts, please: allergic. The kitchen knows for the workshop.",
        {},
        True,
    ),
    (
        "giulia.ferrari@example.com",
        EDITOR,
        "Asked on the phone whether the jug comes in blue. Call back when it does.",
        {},
        False,
    ),
)


def load_notes():
    staff = get_user_model().objects.in_bulk(field_name="username")
    for email, author, text, files, pinned in NOTES:
        customer = Customer.objects.get(email_key=email)
        if customer.notes.filter(text__startswith=text[:20]).exists():
            continue
        uploads = [SimpleUploadedFile(name, content) for name, content in files.items()]
        note = add_note(customer, text=text, files=uploads, actor=staff[author])
        if uploads:
            edit_note(note, text=f"{text}, delivered in two parts", actor=staff[EDITOR])
        if pinned:
            pin_note(note, actor=staff[author])
