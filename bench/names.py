"""Believable Russian names: a few that are common, a long tail that is not, as in a telephone book."""

from collections.abc import Iterator
from itertools import accumulate
from random import Random
from typing import NamedTuple


def words(text: str) -> list[str]:
    """Return the words of a text."""
    return text.split()


# The commonest first: what stands further back is rarer.
COMMON = words("""
Смирнов Иванов Кузнецов Соколов Попов Лебедев Козлов Новиков Морозов Петров Волков Соловьёв Васильев Зайцев Павлов
Семёнов Голубев Виноградов Богданов Воробьёв Фёдоров Михайлов Беляев Тарасов Белов Комаров Орлов Киселёв Макаров
Андреев Ковалёв Ильин Гусев Титов Кузьмин Кудрявцев Баранов Куликов Алексеев Степанов Яковлев Сорокин Сергеев Романов
Захаров Борисов Королёв Герасимов Пономарёв Григорьев Лазарев Медведев Ершов Никитин Соболев Рябов Поляков Цветков
Данилов Жуков Фролов Журавлёв Николаев Крылов Максимов Сидоров Осипов Белоусов Федотов Дорофеев Егоров Матвеев Бобров
Дмитриев Калинин Анисимов Петухов Антонов Тимофеев Никифоров Веселов Филиппов Марков Большаков Суханов Миронов Ширяев
Александров Коновалов Шестаков Казаков Ефимов Денисов Громов Фомин Давыдов Мельников Щербаков Блинов Колесников Карпов
Афанасьев Власов Маслов Исаков Тихонов Аксёнов Гаврилов Родионов Котов Горбунов Кудряшов Быков Зуев Третьяков Савельев
Панов Рыбаков Суворов Абрамов Воронов Мухин Архипов Трофимов Мартынов Емельянов Горшков Чернов Овчинников Селезнёв
Панфилов Копылов Михеев Галкин Назаров Лобанов Лукин Беляков Потапов Некрасов Хохлов Жданов Наумов Шилов Воронцов
Ермаков Дроздов Игнатьев Савин Логинов Сафонов Капустин Кириллов Моисеев Елисеев Кошелев Костин Горбачёв Орехов Ефремов
Исаев Евдокимов Калашников Кабанов Носков Юдин Кулагин Лапин Прохоров Нестеров Харитонов Агафонов Муравьёв Ларионов
Коваленко Шевченко Бондаренко Ковальчук Ткаченко Кравченко Маркин Ковальский Вишневский Ёлкин Замаркин
""")

ROOTS = words("""
Абаш Агап Аким Алтух Анош Арсен Астах Бабен Бажан Балаш Барсук Батур Бахт Безруч Бережн Бирюк Бичур Бодр Боровик Бочар
Брусен Бугр Булат Бурлак Вагин Варен Ведерн Вершин Вихр Вознес Ворон Вьюг Галуш Гарбуз Гладк Глушк Гончар Горох Гребен
Гриш Гурьян Дашк Дегтяр Деряб Добрын Долг Дороф Дубров Дьяк Ерем Ермол Жаворон Желез Жерех Забел Задор Замят Зарубин
Звяг Земск Зимн Золот Зубар Иваш Игнаш Изот Кадыш Казар Калит Каменск Карась Карт Касат Кирш Клим Кобзар Ковал Кожевн
Колесн Колупа Кондрат Кораб Корнил Косар Котельн Кочет Красн Криво Круп Кузьм Курбат Лагут Ладыг Ласк Лепех Лисиц Логач
Лопат Лугов Лысен Мазур Макаш Малах Мальц Марк Масленн Матвей Меркул Мещер Мизин Молчан Мороз Мурз Мыльн Назар Невер
Нестер Никол Новос Обух Огур Олейн Осетр Ослоп Остап Панкр Парфен Пастух Пахом Перевоз Песк Печник Плахот Погорел Поздн
Полуян Порох Прибыт Прокоп Пузан Пчельн Радищ Разин Рогож Родич Рукав Рыбн Рябин Савич Садовн Сапож Сафрон Севаст Сегед
Селиван Серебр Сизов Скворц Слепц Смолян Снегир Солод Сошн Спирид Старост Стольн Стрельн Суббот Сухар Сычуг Таран Телег
Терех Тимош Токар Толмач Торопч Трубник Тулуп Тяпк Уварк Усач Ушак Федос Филат Фирс Хабар Харлам Хлебн Холм Хрущ Цыган
Чебот Чекмар Черемис Четвер Чумак Шабал Шапош Швец Шелест Шерстн Шишк Шмел Шорник Щегол Щербин Юрас Якуш Ямщик Ярош Ясен
""")
ENDINGS = ("ов", "ев", "ин", "кин", "енко", "ский", "ук", "ников", "цев", "ян")

MEN = words("""
Александр Сергей Дмитрий Андрей Алексей Максим Евгений Иван Михаил Владимир Николай Артём Павел Игорь Олег Роман Денис
Юрий Виктор Антон Илья Кирилл Константин Анатолий Никита Пётр Василий Егор Фёдор Глеб Борис Степан Семён Тимофей Лев
""")
WOMEN = words("""
Елена Анна Ольга Мария Наталья Татьяна Екатерина Ирина Светлана Юлия Анастасия Людмила Галина Дарья Марина Виктория
Надежда Ксения Валентина Вера Александра Алёна Любовь Полина Нина Лариса Софья Кристина Оксана Жанна Зоя Павлина Варвара
""")
PATRONYMICS = words("""
Александрович Сергеевич Владимирович Николаевич Викторович Михайлович Иванович Алексеевич Юрьевич Анатольевич Андреевич
Дмитриевич Павлович Васильевич Петрович Борисович Евгеньевич Валентинович Леонидович Игоревич Константинович Фёдорович
Романович Степанович Олегович Семёнович Максимович Денисович Егорович Артёмович Львович Геннадьевич Вячеславович
""")

FORMS = ("ООО", "АО", "ПАО", "ЗАО", "ГУП")
FORM_WEIGHTS = (84, 8, 2, 4, 2)
BRANDS = words("""
Строй Торг Альянс Вектор Прогресс Сфера Гарант Восток Меридиан Северный Балт Нева Заря Каскад Спектр Импульс Орион Титан
Маяк Родник Энергия Эталон Мастер Рассвет Юг Мир Атлант Стандарт Парус Лидер Арсенал Форум Северсталь Гранит Кедр Олимп
Вега Град Уют Ритм Авангард Волна Север Изумруд Тандем Норд Базис Радуга Горизонт Ковальски Полюс Исток Феникс Севзап
""")
TRADES = words("""
Сервис Телеком Монтаж Плюс Групп Трейд Транс Логистик Инвест Проект Медиа Дом Центр Снаб Пром Ресурс Техника Авто Связь
Мебель Фарм Агро Лес Металл Пак Дизайн Аудит Софт Клиника Кафе
""")


class Person(NamedTuple):
    """A person's names and gender."""

    family: str
    given: str
    middle: str
    is_female: bool


class Company(NamedTuple):
    """A company's legal form and its name within the quotation marks."""

    form: str
    brand: str


class NameBook:
    """Draws names with their natural frequencies; the same seed draws the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        tail = [root + ending for root in ROOTS for ending in ENDINGS]
        self._random.shuffle(tail)
        self._families = [*COMMON, *tail]
        self._family_weights = list(accumulate([*_falling(len(COMMON), 0.62), *_falling(len(tail), 0.38)]))
        self._brand_weights = list(accumulate(_falling(len(BRANDS), 1.0)))

    def people(self, count: int) -> Iterator[Person]:
        """Draw people."""
        draw = self._random
        families = draw.choices(self._families, cum_weights=self._family_weights, k=count)
        men = draw.choices(MEN, cum_weights=_sums(MEN), k=count)
        women = draw.choices(WOMEN, cum_weights=_sums(WOMEN), k=count)
        middles = draw.choices(["", *PATRONYMICS], cum_weights=_sums(["", *PATRONYMICS]), k=count)
        for family, man, woman, middle in zip(families, men, women, middles, strict=True):
            if draw.random() < 0.46:
                yield Person(family, man, middle, is_female=False)
            else:
                # Сергеевич, Сергеевна.
                yield Person(
                    feminine(family), woman, middle.removesuffix("ич") + "на" if middle else "", is_female=True
                )

    def companies(self, count: int) -> Iterator[Company]:
        """Draw companies: a brand, a trade, and often a number, for companies seldom share a name."""
        draw = self._random
        brands = draw.choices(BRANDS, cum_weights=self._brand_weights, k=count)
        forms = draw.choices(FORMS, weights=FORM_WEIGHTS, k=count)
        for form, brand in zip(forms, brands, strict=True):
            mark = f"-{draw.randint(1, 999)}" if draw.random() < 0.4 else ""
            yield Company(form, f"{brand} {draw.choice(TRADES)}{mark}" if draw.random() < 0.9 else f"{brand}{mark}")


def _falling(count: int, total: float) -> list[float]:
    """Return weights that fall slowly with the rank and add up to `total`."""
    weights = [1 / (rank + 12) for rank in range(count)]
    factor = total / sum(weights)
    return [weight * factor for weight in weights]


def _sums(names: list[str]) -> list[float]:
    return list(accumulate(_falling(len(names), 1.0)))


def feminine(family: str) -> str:
    """Return the form of a family name that a woman bears."""
    if family.endswith("ский"):
        return family.removesuffix("ий") + "ая"
    return family + "а" if family.endswith(("ов", "ев", "ёв", "ин", "ын")) else family
