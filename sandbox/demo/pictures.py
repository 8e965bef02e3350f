"""Draws the pictures of the demo shop: flat shapes on a coloured ground, the same at each run."""

from io import BytesIO

from PIL import Image, ImageDraw

SIZE = 480
# Drawn twice as large and scaled down, which smooths the edges.
OVERSAMPLING = 2
COLOURS = 48


class Sketch:
    """A canvas of 100 x 100 units."""

    def __init__(self, background):
        self.pixels = SIZE * OVERSAMPLING
        self.image = Image.new("RGB", (self.pixels, self.pixels), background)
        self.draw = ImageDraw.Draw(self.image)

    def scale(self, numbers):
        return [number * self.pixels / 100 for number in numbers]

    def ellipse(self, left, top, right, bottom, fill):
        self.draw.ellipse(self.scale((left, top, right, bottom)), fill=fill)

    def circle(self, x, y, radius, fill):
        self.ellipse(x - radius, y - radius, x + radius, y + radius, fill)

    def half(self, left, top, right, bottom, fill):
        """The lower half of an ellipse."""
        self.draw.pieslice(self.scale((left, top, right, bottom)), 0, 180, fill=fill)

    def box(self, left, top, right, bottom, fill, radius=0):
        corner = self.scale((radius,))[0]
        self.draw.rounded_rectangle(self.scale((left, top, right, bottom)), corner, fill=fill)

    def shape(self, *points, fill):
        flat = self.scale([number for point in points for number in point])
        self.draw.polygon(flat, fill=fill)

    def line(self, *points, fill, width=2):
        flat = self.scale([number for point in points for number in point])
        self.draw.line(flat, fill=fill, width=int(self.scale((width,))[0]), joint="curve")

    def arc(self, left, top, right, bottom, start, end, fill, width=4):
        box, stroke = self.scale((left, top, right, bottom)), int(self.scale((width,))[0])
        self.draw.arc(box, start, end, fill=fill, width=stroke)

    def png(self):
        small = self.image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
        buffer = BytesIO()
        small.quantize(COLOURS, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
        return buffer.getvalue()


def blend(first, second, share):
    """Mix two #rrggbb colours; the share says how much of the second."""
    pairs = ((int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def bowl(s, main, second):
    s.box(41, 72, 59, 79, second, radius=1)
    s.half(16, 20, 84, 76, main)
    s.ellipse(16, 41, 84, 55, second)
    s.ellipse(20, 43, 80, 53, blend(main, "#ffffff", 0.55))
    for x in range(26, 78, 8):
        s.circle(x, 60 - abs(x - 50) * 0.06, 1.6, blend(main, "#ffffff", 0.7))


def plate(s, main, second):
    s.circle(50, 50, 36, blend(second, "#ffffff", 0.75))
    s.circle(50, 50, 34.5, main)
    for x, y in ((50, 22), (70, 30), (78, 50), (70, 70), (50, 78), (30, 70), (22, 50), (30, 30)):
        s.circle(x, y, 3, second)
        s.circle(x, y, 1.2, main)
    s.circle(50, 50, 22, blend(second, main, 0.7))
    s.circle(50, 50, 20.5, blend(main, "#ffffff", 0.5))


def mug(s, main, second):
    s.arc(60, 38, 84, 66, 270, 90, second, width=5)
    s.box(26, 28, 70, 78, main, radius=6)
    s.box(26, 28, 70, 44, main)
    s.box(26, 52, 70, 60, blend(main, "#ffffff", 0.6))
    s.ellipse(26, 24, 70, 33, second)
    s.ellipse(29, 25.5, 67, 31.5, "#5b3a24")


def jug(s, main, second):
    s.arc(50, 26, 84, 66, 250, 75, second, width=5)
    s.ellipse(26, 40, 72, 84, main)
    s.shape((38, 22), (62, 22), (64, 50), (34, 50), fill=main)
    s.shape((38, 22), (26, 18), (38, 32), fill=main)
    s.ellipse(36, 19, 64, 26, second)
    s.box(28, 58, 70, 62, blend(main, "#ffffff", 0.65))
    s.box(29, 65, 69, 67, blend(main, "#ffffff", 0.45))


def vase(s, main, second):
    s.line((50, 34), (44, 15), fill="#6f8a5c", width=1.2)
    s.line((51, 34), (58, 13), fill="#6f8a5c", width=1.2)
    for x, y in ((44, 15), (58, 13), (46, 22), (55, 22)):
        s.ellipse(x - 3, y - 5, x + 3, y + 4, "#d98f6c")
    s.ellipse(32, 44, 70, 86, main)
    s.shape((43, 30), (57, 30), (61, 56), (39, 56), fill=main)
    s.ellipse(42, 27, 58, 33, second)
    s.line((34, 60), (42, 66), (50, 60), (58, 66), (67, 60), fill=blend(main, "#ffffff", 0.6), width=2)


def cups(s, main, second):
    for left, top, colour in ((18, 26, main), (54, 26, second), (18, 58, second), (54, 58, main)):
        s.arc(left + 18, top + 4, left + 32, top + 17, 270, 90, colour, width=3)
        s.ellipse(left - 3, top + 20, left + 29, top + 27, blend(colour, "#ffffff", 0.55))
        s.half(left, top - 18, left + 26, top + 24, colour)
        s.ellipse(left, top, left + 26, top + 6, "#f8f5ef")
        s.ellipse(left + 2, top + 1, left + 24, top + 5, "#4a2f1d")


def moka(s, main, second):
    s.line((66, 32), (80, 34), (78, 54), fill=second, width=5)
    s.shape((36, 28), (64, 28), (61, 50), (39, 50), fill=main)
    s.shape((36, 28), (27, 27), (37, 38), fill=main)
    s.shape((50, 28), (64, 28), (61, 50), (50, 50), fill=blend(main, "#000000", 0.12))
    s.box(38, 50, 62, 55, blend(main, "#000000", 0.3), radius=1)
    s.shape((39, 55), (61, 55), (68, 82), (32, 82), fill=main)
    s.shape((50, 55), (61, 55), (68, 82), (50, 82), fill=blend(main, "#000000", 0.12))
    s.shape((36, 28), (50, 20), (64, 28), fill=blend(main, "#ffffff", 0.35))
    s.circle(50, 18.5, 3, second)
    s.circle(43, 68, 2, "#c9a24a")


def pot(s, main, second):
    s.circle(20, 54, 6, second)
    s.circle(80, 54, 6, second)
    s.box(22, 46, 78, 80, main, radius=10)
    s.box(22, 46, 78, 60, main)
    s.box(19, 42, 81, 49, second, radius=3)
    s.draw.pieslice(s.scale((26, 26, 74, 60)), 180, 360, fill=main)
    s.circle(50, 25, 4, second)
    s.line((30, 66), (70, 66), fill=blend(main, "#ffffff", 0.45), width=1.5)


def pan(s, main, second):
    s.line((60, 60), (88, 88), fill="#6f4a24", width=8)
    s.line((58, 58), (68, 68), fill=second, width=5)
    s.circle(42, 42, 31, second)
    s.circle(42, 42, 28, main)
    s.circle(42, 42, 23, blend(main, "#ffffff", 0.08))
    s.ellipse(30, 32, 54, 54, "#fbf7f0")
    s.circle(43, 43, 6, "#e8a93c")


def stockpot(s, main, second):
    s.arc(10, 42, 30, 58, 90, 270, second, width=4)
    s.arc(70, 42, 90, 58, 270, 90, second, width=4)
    s.box(22, 32, 78, 80, main, radius=5)
    s.box(62, 34, 72, 79, blend(main, "#ffffff", 0.4))
    s.box(19, 28, 81, 35, second, radius=2)
    s.box(28, 22, 72, 29, blend(main, "#ffffff", 0.3), radius=3)
    s.box(45, 16, 55, 22, second, radius=2)


def knife(s, main, second):
    s.shape((12, 62), (60, 40), (66, 50), (30, 66), fill=main)
    s.shape((12, 62), (30, 66), (66, 50), (64, 47), fill=blend(main, "#ffffff", 0.55))
    s.line((62, 45), (88, 33), fill=second, width=9)
    for x, y in ((68, 42), (76, 38.5), (84, 35)):
        s.circle(x, y, 1.2, blend(second, "#ffffff", 0.7))


def board(s, main, second):
    s.box(28, 28, 72, 86, main, radius=9)
    s.box(43, 12, 57, 36, main, radius=6)
    s.circle(50, 18, 2.6, "#ebe6d6")
    for x in (36, 44, 56, 64):
        s.line((x, 36), (x + 2, 58), (x - 1, 80), fill=blend(main, second, 0.55), width=1)
    s.ellipse(46, 52, 56, 66, blend(main, second, 0.55))
    s.ellipse(48.5, 55, 53.5, 63, main)


def pin(s, main, second):
    s.line((12, 78), (88, 22), fill=second, width=5)
    s.line((26, 68), (74, 32), fill=main, width=15)
    s.line((30, 62), (70, 32), fill=blend(main, "#ffffff", 0.4), width=2)
    s.circle(12, 78, 3.4, second)
    s.circle(88, 22, 3.4, second)


def spoons(s, main, second):
    for x, top, colour in ((30, 18, main), (50, 12, second), (70, 20, blend(main, "#ffffff", 0.25))):
        s.line((x, top + 18), (x, 86), fill=colour, width=4)
        s.ellipse(x - 8, top, x + 8, top + 24, colour)
        s.ellipse(x - 4.5, top + 4, x + 4.5, top + 18, blend(colour, "#000000", 0.15))


def grater(s, main, second):
    s.arc(38, 10, 62, 36, 180, 360, second, width=4)
    s.shape((34, 24), (66, 24), (72, 68), (28, 68), fill=main)
    for row, y in enumerate(range(32, 64, 7)):
        for x in range(38 - row, 66 + row, 7):
            s.ellipse(x - 1.6, y - 1, x + 1.6, y + 2, blend(main, "#000000", 0.45))
    s.box(24, 68, 76, 84, second, radius=2)
    s.circle(50, 76, 2.4, blend(second, "#000000", 0.4))


def apron(s, main, second):
    s.arc(38, 6, 62, 36, 180, 360, second, width=2.5)
    s.shape((36, 20), (64, 20), (67, 40), (80, 46), (76, 88), (24, 88), (20, 46), (33, 40), fill=main)
    s.line((20, 47), (8, 56), fill=second, width=2)
    s.line((80, 47), (92, 56), fill=second, width=2)
    s.box(38, 56, 62, 74, blend(main, "#ffffff", 0.22), radius=2)
    s.line((38, 60), (62, 60), fill=second, width=1)


def towel(s, main, second):
    s.box(14, 16, 86, 20, "#8d6433", radius=2)
    s.box(20, 18, 48, 80, main)
    s.box(52, 18, 80, 72, blend(second, main, 0.15))
    for y in (60, 66, 72):
        s.box(20, y, 48, y + 3, second)
    for y in (52, 58, 64):
        s.box(52, y, 80, y + 3, main)


def bottle(s, main, second):
    s.box(45, 12, 55, 18, "#7d5527", radius=1)
    s.box(45, 17, 55, 36, main)
    s.ellipse(36, 30, 64, 52, main)
    s.box(36, 40, 64, 86, main, radius=3)
    s.box(36, 54, 64, 74, "#f8f3e2")
    s.ellipse(45, 58, 55, 70, second)
    s.line((41, 44), (41, 50), fill=blend(main, "#ffffff", 0.5), width=1.6)


def jar(s, main, second):
    for left, top in ((14, 44), (60, 44), (37, 30)):
        s.box(left, top + 6, left + 27, top + 42, main, radius=4)
        s.box(left + 2, top, left + 25, top + 7, "#efe9da", radius=1)
        s.box(left, top + 17, left + 27, top + 31, "#fbf5e6")
        s.ellipse(left + 8, top + 20, left + 19, top + 28, second)


def honey(s, main, second):
    s.box(30, 34, 70, 82, main, radius=8)
    s.box(33, 38, 38, 76, blend(main, "#ffffff", 0.4), radius=2)
    s.box(28, 26, 72, 35, second, radius=2)
    s.shape((50, 46), (60, 52), (60, 64), (50, 70), (40, 64), (40, 52), fill="#f5d58a")
    s.shape((50, 51), (56, 54.5), (56, 61.5), (50, 65), (44, 61.5), (44, 54.5), fill=main)


def workshop(s, main, second):
    s.box(8, 30, 92, 84, blend(second, "#ffffff", 0.55), radius=4)
    for x, y in ((26, 46), (44, 60), (26, 70)):
        s.circle(x, y, 9, main)
        for radius in (7, 5, 3):
            s.arc(x - radius, y - radius, x + radius, y + radius, 20, 300, blend(main, second, 0.45), width=1)
    s.line((62, 78), (84, 38), fill=second, width=3)
    s.line((66, 70), (80, 46), fill=blend(second, "#ffffff", 0.25), width=9)
    s.half(40, 14, 64, 44, "#ffffff")
    s.circle(52, 30, 5, "#e8a93c")


SHAPES = {
    draw.__name__: draw
    for draw in (
        *(bowl, plate, mug, jug, vase, cups, moka, pot, pan, stockpot, knife),
        *(board, pin, spoons, grater, apron, towel, bottle, jar, honey, workshop),
    )
}
#: Things seen from above lie flat and throw no shadow on the table.
SEEN_FROM_ABOVE = {"plate", "pan", "knife", "board", "pin", "spoons", "apron", "towel", "workshop"}


def draw_picture(shape, background, main, second):
    """Return the bytes of a PNG file of a few kilobytes."""
    sketch = Sketch(background)
    sketch.circle(50, 50, 44, blend(background, "#ffffff", 0.35))
    if shape not in SEEN_FROM_ABOVE:
        sketch.ellipse(20, 76, 80, 90, blend(background, "#000000", 0.1))
    SHAPES[shape](sketch, main, second)
    return sketch.png()
