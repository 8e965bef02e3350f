"""Who has bought in the demo shop. Every address ends in a domain that is reserved for examples."""

from dataclasses import dataclass, field, replace

from demo.logins import BUYER


@dataclass(frozen=True)
class Person:
    first_name: str
    last_name: str
    email: str
    line1: str
    city: str
    postcode: str
    country: str
    orders: int = 1
    #: Registers on the storefront before the first order and signs in for all of them.
    has_account: bool = False
    #: Further spellings of the address that the person types, one order after the other.
    spellings: tuple[str, ...] = field(default=())
    state: str = ""
    phone: str = ""
    books_workshop: bool = False

    def email_for(self, order_index):
        spellings = (self.email, *self.spellings)
        return spellings[order_index % len(spellings)]


GUESTS = (
    Person("Giulia", "Ferrari", "giulia.ferrari@example.com", "Via Roma 12", "Torino", "10121", "IT", 3),
    Person("Niccolò", "D’Angelo", "niccolo@example.org", "Borgo Pinti 4", "Firenze", "50121", "IT", 2),
    Person("Chiara", "Conti", "chiara.conti@example.net", "Via Garibaldi 88", "Bologna", "40121", "IT"),
    Person("Müge", "Özdemir", "muege@example.org", "Sonnenallee 17", "Berlin", "12047", "DE", 2),
    Person("Jürgen", "Weiß", "juergen.weiss@example.com", "Lindenstraße 3", "München", "80331", "DE"),
    Person("Zoë", "Lefèvre", "zoe.lefevre@example.net", "12 rue des Lilas", "Lyon", "69003", "FR", 2),
    Person("Noémie", "d’Estrées", "noemie@example.org", "5 quai Voltaire", "Paris", "75007", "FR"),
    Person("Íñigo", "Muñoz Peña", "inigo.munoz@example.com", "Calle Mayor 21", "Madrid", "28013", "ES"),
    Person("Siobhán", "O’Connor", "siobhan@example.net", "14 Rye Lane", "London", "SE15 5BN", "GB", 2),
    Person("Дмитрий", "Иванов", "dmitri.ivanov@example.org", "Praterstraße 30", "Wien", "1020", "AT"),
    Person("Ελένη", "Παπαδοπούλου", "eleni@example.com", "Bahnhofstrasse 9", "Zürich", "8001", "CH", 2),
    Person("小明", "王", "wang@example.net", "88 Mott Street", "New York", "10013", "US", state="NY"),
    Person("ليلى", "حداد", "layla.haddad@example.org", "31 cours Julien", "Marseille", "13006", "FR"),
    Person(
        "Ann",
        "Example",
        "Ann.Example@example.org",
        "7 Mill Road",
        "Cambridge",
        "CB1 2AD",
        "GB",
        orders=3,
        # The same person on three devices: one customer all the same.
        spellings=("ann.example@example.org", "ANN.EXAMPLE@EXAMPLE.ORG"),
        phone="+44 20 7946 0958",
    ),
    Person(
        "Maria Antonietta Federica Guglielmina",
        "di Montefeltro della Rovere-Hohenlohe von Waldburg zu Wolfegg und Waldsee",
        "maria.antonietta.di.montefeltro.della.rovere@example.com",
        "Località Castello di Sopra, strada comunale del vecchio mulino 117 bis, scala B interno 4",
        "San Casciano in Val di Pesa",
        "50026",
        "IT",
    ),
    Person(
        *("Paolo", "Greco", "paolo.greco@example.org", "Via Etnea 210", "Catania", "95131", "IT"),
        books_workshop=True,
    ),
    Person(
        *("Emma", "Brown", "emma.brown@example.com", "420 Pine Street", "Seattle", "98101", "US"),
        state="WA",
        phone="+1 206 555 0143",
        books_workshop=True,
    ),
)
WITH_ACCOUNT = (
    Person("Bianca", "De Santis", BUYER, "Via dei Serragli 40", "Firenze", "50124", "IT", 4),
    Person("Luca", "Galli", "luca.galli@example.com", "Via Po 6", "Torino", "10123", "IT", 4),
    Person("Søren", "Kjær", "soren@example.net", "Kastanienallee 8", "Berlin", "10435", "DE", 2),
    Person("Anaïs", "Moreau", "anais@example.com", "2 rue Crébillon", "Nantes", "44000", "FR", 2),
    Person("Pablo", "Gómez", "pablo@example.org", "Carrer Nou 15", "Barcelona", "08001", "ES", 1),
    Person("Heidi", "Zgraggen", "heidi@example.net", "Marktgasse 5", "Bern", "3011", "CH", 2),
    Person(
        *("Grace", "Okonkwo", "grace.okonkwo@example.com", "9 Deansgate", "Manchester", "M3 2BW", "GB"),
        orders=2,
        books_workshop=True,
    ),
    # Registered, looked around and has not bought anything yet.
    Person("Franz", "Huber", "franz.huber@example.org", "Mozartplatz 1", "Salzburg", "5020", "AT", 0),
)
ACCOUNTS = tuple(replace(person, has_account=True) for person in WITH_ACCOUNT)
PEOPLE = (*ACCOUNTS, *GUESTS)

#: Signed up for the open evening; the last one is a guest of the shop as well.
SIGN_UPS = (
    ("Teresa", "Lombardi", "teresa.lombardi@example.net"),
    ("Haruka", "大谷", "haruka@example.org"),
    ("Giulia", "Ferrari", "giulia.ferrari@example.com"),
)
