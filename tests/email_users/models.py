from oscar.apps.customer.abstract_models import AbstractUser


class User(AbstractUser):
    """Oscar's own user without a user name: people sign in with their e-mail address."""
