"""Solvency: a history with reasons, computed from bills, payments, blocks and promises; never typed in."""

import json
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, cast

from django.db import connection

from svyaz.access.queries import Viewer, rights_of
from svyaz.billing.permissions import BillingPermission
from svyaz.parties.queries import may_for_party

MONTHS = 24


@dataclass(frozen=True)
class GradeRule:
    """How the grade comes about: from 100 points, each fact takes away (or gives back) its own.

    Only the last two years count; the last half-year counts `recent` times. A disputed bill costs nothing.
    """

    late_bill: int = 2  # paid after the due date
    late_over_month: int = 4  # and besides, if by more than 30 days
    recent: int = 2  # factor for what fell due in the last six months
    unpaid_bill: int = 15  # past due and still open
    unpaid_over_month: int = 10  # and besides, if for more than 30 days
    promise_broken: int = 8
    promise_kept: int = -2  # gives points back …
    promise_kept_most: int = -6  # … up to this
    blocked_days: int = 3  # so many days blocked (for debt or an empty balance) cost one point …
    blocked_most: int = 20  # … up to this
    grade_a: int = 90  # the least points of each grade; below D it is E
    grade_b: int = 75
    grade_c: int = 55
    grade_d: int = 35


RULE = GradeRule()

# What a month shows, from the mildest to the worst; a month shows the worst of what happened in it.
MONTH_STATES = ("none", "topped_up", "on_time", "open", "disputed", "blocked", "late", "unpaid")

# Every row read here belongs to the one party and lies in an index that begins with it. A bill is seen as it stood
# on the day: what was paid later is not paid yet. All that counts becomes a line of one list, so that the history is
# added up in one go; what does not show in the strip has a state above its last one. The texts of JSON are put
# together by hand, being twice as fast.
_SOLVENCY = """(
WITH line AS MATERIALIZED (
    SELECT b.month, b.amount - b.paid_amount AS amount, b.due_date > %(day)s::date - 183 AS is_recent,
           CASE WHEN b.month < [oldest] THEN 9
                WHEN b.paid_date <= b.due_date AND b.paid_date <= %(day)s::date THEN 3
                WHEN b.disputed_date <= %(day)s::date THEN 5
                WHEN b.paid_date <= %(day)s::date THEN 7
                WHEN b.due_date < %(day)s::date THEN 8
                ELSE 4 END AS state,
           greatest(least(b.paid_date, %(day)s::date) - b.due_date, 0) AS days
    FROM billing_bill b
    WHERE b.party_id = %(party)s AND b.issued_date <= %(day)s::date
      AND (b.month >= [oldest] OR b.paid_date IS NULL AND b.disputed_date IS NULL AND b.due_date < %(day)s::date)
  UNION ALL
    SELECT date_trunc('month', p.paid_at AT TIME ZONE 'UTC')::date, p.amount, false, 2, 0
    FROM billing_billingaccount a JOIN billing_payment p ON p.account_id = a.id AND p.party_id = a.party_id
    WHERE a.party_id = %(party)s AND a.kind = 'prepaid' AND p.reversed_at IS NULL
      AND p.paid_at >= [oldest] AND p.paid_at < %(day)s::date + 1
  UNION ALL
    SELECT m, 0, false, 6, least(till, (m + interval '1 month')::date) - greatest(since, m)
    FROM (SELECT generate_series(date_trunc('month', greatest(valid_from, [oldest])),
                     least(valid_to, %(day)s::date) - 1, '1 month')::date AS m,
                 valid_from AS since, least(valid_to, %(day)s::date) AS till
          FROM billing_accountblock WHERE party_id = %(party)s AND reason <> 'request') k
  UNION ALL
    SELECT resolved_date, 0, false, CASE result WHEN 'kept' THEN 10 WHEN 'broken' THEN 11 END, 0
    FROM billing_paymentpromise
    WHERE party_id = %(party)s AND resolved_date >= [oldest] AND resolved_date <= %(day)s::date
  UNION ALL
    SELECT ([oldest] + make_interval(months => n))::date, 0, false, 1, 0 FROM generate_series(0, [months] - 1) n
), month AS (
    SELECT month, max(state) AS state,
           coalesce(max(days) FILTER (WHERE state IN (5, 7, 8)), sum(days) FILTER (WHERE state = 6), 0) AS days
    FROM line WHERE state < 9 GROUP BY month
), total AS (
    SELECT count(*) FILTER (WHERE state = 2) AS top_ups,
           coalesce(sum(amount) FILTER (WHERE state = 2), 0) AS topped_up,
           count(*) FILTER (WHERE state = 3) AS on_time,
           count(*) FILTER (WHERE state = 5) AS disputed,
           coalesce(sum(days) FILTER (WHERE state = 6), 0) AS blocked,
           count(*) FILTER (WHERE state = 7) AS late, coalesce(max(days) FILTER (WHERE state = 7), 0) AS delay,
           count(*) FILTER (WHERE state IN (8, 9)) AS unpaid,
           coalesce(sum(amount) FILTER (WHERE state IN (8, 9)), 0) AS overdue,
           count(*) FILTER (WHERE state = 10) AS kept, count(*) FILTER (WHERE state = 11) AS broken,
           coalesce(sum(CASE state
               WHEN 7 THEN ([late_bill] + CASE WHEN days > 30 THEN [late_over_month] ELSE 0 END)
                         * CASE WHEN is_recent THEN [recent] ELSE 1 END END), 0) AS late_cost,
           coalesce(sum(CASE
               WHEN state = 9 OR state = 8 AND days > 30 THEN [unpaid_bill] + [unpaid_over_month]
               WHEN state = 8 THEN [unpaid_bill] END), 0) AS unpaid_cost
    FROM line WHERE state > 1
), judged AS (
    SELECT *, least(blocked / [blocked_days], [blocked_most]) AS blocked_cost,
           greatest(kept * [promise_kept], [promise_kept_most]) AS kept_cost, broken * [promise_broken] AS broken_cost,
           CASE WHEN on_time + late + unpaid + disputed + top_ups + kept + broken + blocked > 0
           THEN least(100, greatest(0, 100 - late_cost - unpaid_cost - broken * [promise_broken]
               - greatest(kept * [promise_kept], [promise_kept_most])
               - least(blocked / [blocked_days], [blocked_most]))) END AS points
    FROM total OFFSET 0
)
SELECT json_build_object(
    'months', (SELECT ('[' || string_agg('{"month":"' || left(month::text, 7) || '","state":"'
        || ('{[states]}'::text[])[state] || '","days":' || days || '}', ',' ORDER BY month) || ']')::json FROM month),
    'grade', substr('EDCBA', nullif([dots], 0), 1), 'dots', [dots],
    'points', points, 'on_time', on_time, 'late', late, 'longest_delay_days', delay, 'unpaid', unpaid,
    'overdue_amount', overdue, 'disputed', disputed, 'promises_kept', kept, 'promises_broken', broken,
    'blocked_days', blocked, 'top_ups', top_ups, 'topped_up_amount', topped_up,
    'reasons', ('[' || concat_ws(',', [reasons]) || ']')::json)
FROM judged)"""

# How many dots the points are worth: none without a history.
_DOTS = "coalesce(width_bucket(points, ARRAY[0, [grade_d], [grade_c], [grade_b], [grade_a]]), 0)"

# The reasons in the order in which people ask for them: code, value, what it cost.
_REASONS = (
    ("unpaid_bills", "unpaid", "unpaid_cost"),
    ("overdue_amount", "overdue", "0"),
    ("late_bills", "late", "late_cost"),
    ("longest_delay_days", "delay", "0"),
    ("promises_broken", "broken", "broken_cost"),
    ("promises_kept", "kept", "kept_cost"),
    ("blocked_days", "blocked", "blocked_cost"),
    ("disputed_bills", "disputed", "0"),
    ("bills_on_time", "on_time", "0"),
    ("top_ups", "top_ups", "0"),
    ("no_history", "(points IS NULL)::int", "0"),
)


def _reason(code: str, value: str, cost: str) -> str:
    """Return the SQL of one reason's JSON; NULL, and so left out, where its value is nothing."""
    return f"""CASE WHEN {value} > 0
        THEN '{{"code":"{code}","value":' || {value} || ',"points":' || -{cost} || '}}' END"""


@cache
def solvency_sql() -> str:
    """Return a scalar subquery that gives the solvency of the party %(party)s on the day %(day)s as json.

    %(oldest)s is `oldest_month` of the day: worked out once, not for every bill. The grade rule, the
    window and the month states stand in it as constants; nothing else decides the grade.
    """
    text = _SOLVENCY.replace("[oldest]", "%(oldest)s::date").replace("[dots]", _DOTS)
    text = text.replace("[months]", str(MONTHS)).replace("[states]", ",".join(MONTH_STATES))
    text = text.replace("[reasons]", ",\n".join(_reason(*reason) for reason in _REASONS))
    for field in fields(GradeRule):
        text = text.replace(f"[{field.name}]", f"({getattr(RULE, field.name)})")
    return text


def oldest_month(day: date) -> date:
    """Return the first day of the first month of the history that ends on the day."""
    months = day.year * 12 + day.month - MONTHS
    return date(months // 12, months % 12 + 1, 1)


@cache
def solvency_of_group_sql() -> str:
    """Return the same over the parties %(parties)s that are one: their bills and payments are judged together."""
    return solvency_sql().replace("= %(party)s", "= ANY(%(parties)s)")


def solvency(party_id: int, viewer: Viewer, day: date) -> dict[str, Any] | None:
    """Return a party's solvency on a day, of a relationship in hand with all who are one; None without the right.

    `months` (24, oldest first, each with state and days), `grade` A to E with `dots` 5 to 1 (no history: None and 0),
    the counts, and `reasons`: what cost most first, as codes with values and points.
    """
    rights = rights_of(viewer)
    if not may_for_party(rights, BillingPermission.READ, party_id):
        return None
    sql = solvency_of_group_sql() if rights.merged else solvency_sql()
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "party": party_id,
            "parties": list(rights.parties),
            "day": day,
            "oldest": oldest_month(day),
        }
        cursor.execute(f"SELECT {sql}::text", values)
        return cast(dict[str, Any], json.loads(cursor.fetchone()[0], parse_float=Decimal))
