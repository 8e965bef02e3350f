"""What people are called, where they live and how they write their phone number, country by country."""

from dataclasses import dataclass


def words(text):
    return tuple(word.strip() for word in text.split(","))


@dataclass(frozen=True)
class Names:
    first: tuple[str, ...]
    last: tuple[str, ...]


@dataclass(frozen=True)
class Home:
    country: str
    #: How many of a hundred customers live here.
    share: int
    language: str
    names: Names
    #: "#" is any digit, "N" one from 2 to 9. People write national and international forms, and mix the signs.
    phones: tuple[str, ...]
    cities: tuple[str, ...]
    streets: tuple[str, ...]
    postcode: str
    company: str
    vat_number: str


ITALIAN = Names(
    words(
        "Giulia, Sofia, Aurora, Chiara, Francesca, Beatrice, Noemi, Lucia, Agnese, Caterina, Marco, Matteo, Luca, "
        "Lorenzo, Niccolò, Davide, Tommaso, Pietro, Zaccaria, Gianmaria, Maria Grazia, Pier Paolo"
    ),
    words(
        "Ferrari, Rossi, Bianchi, Russo, Esposito, Romano, Colombo, Ricci, Marino, Greco, Bruno, Gallo, Conti, "
        "De Luca, D’Angelo, Dell’Acqua, Lo Presti, Costa, Fontana, Caruso, Mancini, Rinaldi, Nicolò, Sanità, Pagani, "
        "Barbieri, Lombardi, Moretti, Santoro, Zanetti"
    ),
)
GERMAN = Names(
    words(
        "Anna, Lena, Jörg, Jürgen, Günther, Käthe, Björn, Heidi, Ulrike, Sören, Matthias, Friedrich, Johanna, Leonie, "
        "Maximilian, Karl-Heinz, Anne-Sophie, Wolfgang, Bärbel, Felix"
    ),
    words(
        "Müller, Schmidt, Schneider, Fischer, Weber, Meyer, Wagner, Becker, Schäfer, Köhler, Groß, Weiß, Krüger, "
        "Schröder, Jäger, Böhm, von der Heide, Müller-Lüdenscheidt, Huber, Steiner, Zürcher, Ammann, Bürgi, Lang"
    ),
)
FRENCH = Names(
    words(
        "Zoë, Chloé, Anaïs, Noémie, Élodie, François, Jérôme, Benoît, Hélène, Léa, Maël, Loïc, Océane, Rémi, Thérèse, "
        "Jean-Baptiste, Marie-Ève, Antoine, Camille, Gaël"
    ),
    words(
        "Martin, Lefèvre, Moreau, Dubois, Durand, Bérenger, d’Estrées, Garçon, Noël, Rivière, L’Hôpital, Petit, "
        "Gauthier, Marchand, Brûlé, de La Fontaine, Crépin, Perrot, Vasseur, Œuvrard"
    ),
)
SPANISH = Names(
    words(
        "Íñigo, Begoña, José María, Nuria, Ángela, Martín, Lucía, Álvaro, Inés, Joaquín, Sergi, Montserrat, Xavier, "
        "Pablo, Carmen, Raúl"
    ),
    words(
        "García, Muñoz Peña, Rodríguez, Núñez, Ibáñez, Gómez, Pérez, Sánchez, Martínez, Fernández, Ordóñez, Puig, "
        "Ferrer, Vidal, Castro, Aragón"
    ),
)
ENGLISH = Names(
    words(
        "Ann, Grace, Oliver, Amelia, Siobhán, Zoe, George, Isla, Harry, Noah, Emma, Liam, Ava, William, Sinéad, "
        "Charlotte, Mary Jane, Ed, Jo, Theodore"
    ),
    words(
        "Smith, Jones, O’Connor, O'Brien, Taylor, Brown, Williams, Wilson, McDonald, Evans, Smith-Jones, Walker, "
        "Roberts, Wright, Okonkwo, Johnson, Davis, Miller, Null, Ng"
    ),
)
#: Neighbours from everywhere: they live in the countries of the others.
ELSEWHERE = (
    Names(
        words("Łukasz, Małgorzata, Wojciech, Żaneta, Zdzisław"), words("Wójcik, Kowalska, Błaszczyk, Śliwa")
    ),
    Names(words("Dvořák, Jiří, Šárka, Žofie, Bohumil"), words("Novák, Černá, Příhoda, Růžička")),
    Names(words("Søren, Åse, Bjørn, Þórunn, Sigríður"), words("Kjær, Ødegård, Åkesson, Guðmundsdóttir")),
    Names(words("Müge, Işıl, İbrahim, Çağla, Gökhan"), words("Özdemir, Yıldız, Şahin, Çelik, Ağaoğlu")),
    Names(words("João, Conceição, Simão, Inês"), words("Guimarães, da Conceição, Simões, Araújo")),
    Names(words("Nguyễn, Thị Ánh, Đức"), words("Trần, Phạm, Đặng Thị, Lưu")),
    Names(words("Дмитрий, Ольга, Наталья, Артём, Семён"), words("Иванов, Щербакова, Королёв, Смирнова")),
    Names(words("Ελένη, Γιώργος, Δήμητρα, Θάλεια"), words("Παπαδοπούλου, Οικονόμου, Γεωργίου, Ιωάννου")),
    Names(words("小明, 美玲, 伟, 晓燕"), words("王, 李, 欧阳, 陈")),
    Names(words("はるか, 健太, さくら, 翔"), words("大谷, 佐藤, 鈴木, 渡邊")),
    Names(words("ليلى, محمد, فاطمة, يوسف"), words("حداد, المصري, الخوري, بن علي")),
    Names(words("נועה, דוד, תמר, יעל"), words("כהן, לוי, פרידמן, ביטון")),
    Names(words("प्रिया, अर्जुन, अनन्या"), words("शर्मा, वर्मा, पटेल")),
    Names(words("지우, 민준, 서연"), words("김, 박, 최, 남궁")),
)
HOMES = (
    Home(
        *("IT", 40, "it", ITALIAN),
        phones=(
            "+39 347 #######",
            "347 ### ####",
            "+39 011 55#####",
            "011/55#####",
            "0039 06 69######",
            "333.#######",
        ),
        cities=words("Torino, Milano, Roma, Napoli, Forlì, Cefalù, San Donà di Piave, L’Aquila"),
        streets=words("Via Roma, Corso Francia, Piazza Libertà, Via dell’Università, Vicolo Stretto"),
        postcode="N0###",
        company="{} & Figli S.r.l.",
        vat_number="IT###########",
    ),
    Home(
        *("DE", 15, "de", GERMAN),
        phones=(
            "+49 151 ########",
            "0151/########",
            "+49 (0)30 22######",
            "030 22######",
            "0049-89-2#######",
        ),
        cities=words("Berlin, München, Köln, Düsseldorf, Lübeck, Görlitz"),
        streets=words("Lindenstraße, Hauptstr., Am Großen Wannsee, Königsallee, Mühlweg"),
        postcode="N####",
        company="{} GmbH & Co. KG",
        vat_number="DE#########",
    ),
    Home(
        *("FR", 12, "fr", FRENCH),
        phones=("+33 6 1# ## ## ##", "06 1# ## ## ##", "06.1#.##.##.##", "01 42 ## ## ##", "+33(0)142######"),
        cities=words("Lyon, Nîmes, Besançon, Orléans, Saint-Étienne, Paris"),
        streets=words("rue des Lilas, quai Voltaire, avenue de la République, allée des Chênes"),
        postcode="69###",
        company="Établissements {} SARL",
        vat_number="FR###########",
    ),
    Home(
        *("GB", 10, "en", ENGLISH),
        phones=("+44 7911 1#####", "07911 1#####", "020 7946 ####", "+44 20 7946 ####", "(0207) 946 ####"),
        cities=words("London, Cambridge, Bristol, Leeds, Newcastle upon Tyne"),
        streets=words("Rye Lane, Mill Road, Deansgate, King’s Parade, The Green"),
        postcode="CB1 NAD",
        company="{} & Sons Ltd",
        vat_number="GB#########",
    ),
    Home(
        *("US", 8, "en", ENGLISH),
        phones=("+1 206-555-01##", "(206) 555-01##", "206.555.01##", "212 N55 ####", "1-415-N55-####"),
        cities=words("Seattle, New York, Portland, San José, Española"),
        streets=words("Pine Street, Mott Street, Cañon Avenue, 5th Avenue"),
        postcode="981##",
        company="{} Inc.",
        vat_number="",
    ),
    Home(
        *("ES", 6, "es", SPANISH),
        phones=("+34 612 ### ###", "612 ## ## ##", "612######", "91 4## ## ##"),
        cities=words("Madrid, Barcelona, A Coruña, Cádiz, León"),
        streets=words("Calle Mayor, Carrer Nou, Avenida de la Constitución, Plaza España"),
        postcode="28###",
        company="Hermanos {} S.L.",
        vat_number="ESB########",
    ),
    Home(
        *("AT", 5, "de", GERMAN),
        phones=("+43 664 #######", "0664/#######", "01 5######", "0043 1 5######"),
        cities=words("Wien, Graz, Salzburg, Sankt Pölten"),
        streets=words("Praterstraße, Mozartplatz, Währinger Straße"),
        postcode="N0##",
        company="{} e.U.",
        vat_number="ATU########",
    ),
    Home(
        *("CH", 4, "de", GERMAN),
        phones=("+41 79 ### ## ##", "079 ### ## ##", "044 2## ## ##", "0041 44 2## ## ##"),
        cities=words("Zürich, Bern, Neuchâtel, Genève, Delémont"),
        streets=words("Bahnhofstrasse, Marktgasse, rue du Rhône"),
        postcode="8###",
        company="{} AG",
        vat_number="CHE#########",
    ),
)
#: Reserved for examples (RFC 2606), so mail that is sent by mistake reaches nobody.
DOMAINS = words("example.com, example.org, example.net, posta.example, mail.example.org, Example.COM")
FOREIGN_DOMAINS = words("bücher.example, müllerei.example, почта.example, παράδειγμα.example, 例え.example")
NICKNAMES = words("aurora, blue, cafe, dolce, kobold, luna, mango, nordwind, pepe, sakura, stella, vento")
TRADES = words("Ceramica, Bottega, Ristorante, Trattoria, Café, Wirtshaus, Bistrô, Pottery, Kitchen, Atelier")
