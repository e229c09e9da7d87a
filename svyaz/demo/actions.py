"""Loading the sample operator into an empty base, all or nothing."""

import gc
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, time

import psycopg
from django.db import connection, transaction

from svyaz.demo.billing import open_account
from svyaz.demo.contacts import add_contacts
from svyaz.demo.copying import Batch, Book, write_batch
from svyaz.demo.details import add_details
from svyaz.demo.operator import create_operator, create_system_user, opening_day
from svyaz.demo.parties import Kin, create_client
from svyaz.demo.possessions import connect_products
from svyaz.demo.relations import add_contact_persons, assign_manager, kin_of, relate_family
from svyaz.demo.staff import let_the_cast_in
from svyaz.demo.story import tell_story
from svyaz.demo.tables import OF_CUSTOMERS, OF_OPERATOR
from svyaz.demo.world import MOSCOW, World
from svyaz.history.actions import skip_what_is_written
from svyaz.parties.models import Party
from svyaz.places.models import Area
from svyaz.users.models import User
from svyaz.workforce.models import Employee

CUSTOMERS = 10_000
MOST_CUSTOMERS = 40_000
EARLIEST = date(2020, 1, 1)
BATCH = 400

Progress = Callable[[int], None]


class BaseIsNotEmpty(Exception):
    """The sample operator is loaded into an empty base only; this one holds data already."""


class TooEarly(Exception):
    """The cast's story needs years to have happened: the day must not lie before 2020."""


class TooManyCustomers(Exception):
    """The sample operator's telephone numbers last for forty thousand customers."""


def load_demo(as_of: date, customers: int = CUSTOMERS, progress: Progress | None = None) -> None:
    """Load the sample operator as of a day; the same day gives the same rows.

    `progress` is told how many customers have been written. Raise BaseIsNotEmpty, TooEarly, TooManyCustomers.
    """
    if as_of < EARLIEST:
        raise TooEarly(as_of)
    if customers > MOST_CUSTOMERS:
        raise TooManyCustomers(customers)
    if any(model.objects.exists() for model in (User, Area, Party, Employee)):
        raise BaseIsNotEmpty
    with transaction.atomic(), _without_garbage_collection():
        world = _load_operator(as_of)
        _load_customers(world, customers, progress or (lambda done: None))
        tell_story(world)
        let_the_cast_in()
        # What was done with decisions at later contacts, the load says itself.
        skip_what_is_written("decisions.sightings", at=world.moment)
        skip_what_is_written("notices.give", at=world.moment)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Rows by the hundred thousand hold no rings, and looking for some among them again and again takes its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _load_operator(as_of: date) -> World:
    """Write what stands before the first customer: departments and their heads name each other, so in one go."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
    system = create_system_user(at=datetime.combine(opening_day(as_of), time(9), MOSCOW))
    book = Book(system.pk)
    book.open(OF_OPERATOR)
    world = create_operator(book, system, as_of)
    write_batch(book.take(0))
    return world


def _load_customers(world: World, customers: int, progress: Progress) -> None:
    """Write the customers batch by batch, while another thread gathers the next batch.

    References are checked as each table is written, when its parents are there: at the end of the transaction all
    of them would wait for each other.
    """
    world.book.open(OF_CUSTOMERS)
    batches = _batches(world, customers)
    done = 0
    with connection.cursor() as cursor, ThreadPoolExecutor(1) as gatherer:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        coming = gatherer.submit(next, batches, None)
        while batch := coming.result():
            coming = gatherer.submit(next, batches, None)
            write_batch(batch)
            done += batch.customers
            progress(done)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    world.book.close()


def _batches(world: World, customers: int) -> Iterator[Batch]:
    """Gather customers; touches no data base, so that it can run beside the writing."""
    kin: Kin | None = None
    for start in range(1, customers + 1, BATCH):
        indexes = range(start, min(start + BATCH, customers + 1))
        for index in indexes:
            kin = _add_customer(world, index, kin)
        # Relatives share rows of one batch only.
        kin = None
        yield world.book.take(len(indexes))


def _add_customer(world: World, index: int, kin: Kin | None) -> Kin | None:
    """Gather one customer with everything about him; return what the next one may share."""
    kin = kin if index % 10 else None
    client = create_client(world, index, kin)
    connect_products(world, client)
    open_account(world, client)
    if kin:
        relate_family(world, client, kin)
    if client.person is None:
        add_contact_persons(world, client)
    assign_manager(world, client)
    add_details(world, client)
    add_contacts(world, client)
    return None if kin else kin_of(client, world.as_of.year - 40)


def analyze() -> None:
    """Let the data base count its rows: what the planner believes of an empty table makes every read slow.

    Only the owner of the tables may; where its address is not given, the data base comes to it by itself in a minute.
    """
    owner = os.environ.get("DATABASE_OWNER_URL")
    if owner:
        with psycopg.connect(owner, autocommit=True) as rows:
            rows.execute("ANALYZE")
