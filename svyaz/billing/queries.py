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

# What a month shows, from the mildest to the worst; a month shows the worst of its bills.
MONTH_STATES = ("none", "topped_up", "on_time", "open", "disputed", "blocked", "late", "unpaid")

# Every row read here belongs to the one party and lies in an index that begins with it. A bill is seen as it stood
# on the day: paid later is not paid yet. In months without bills a prepaid account shows its top-ups.
_SOLVENCY = """(
WITH frame AS MATERIALIZED (
    SELECT date_trunc('month', %(day)s::date)::date AS newest,
           (date_trunc('month', %(day)s::date) - interval '[months_before] months')::date AS oldest
), bill AS MATERIALIZED (
    SELECT b.month, b.due_date > %(day)s::date - 183 AS is_recent, b.amount - b.paid_amount AS rest,
           CASE WHEN b.paid_date <= b.due_date AND b.paid_date <= %(day)s::date THEN 3
                WHEN b.disputed_date <= %(day)s::date THEN 5
                WHEN b.paid_date <= %(day)s::date THEN 7
                WHEN b.due_date < %(day)s::date THEN 8
                ELSE 4 END AS state,
           greatest(least(b.paid_date, %(day)s::date) - b.due_date, 0) AS days
    FROM billing_bill b, frame
    WHERE b.party_id = %(party)s AND b.due_date >= frame.oldest - 93 AND b.month >= frame.oldest
      AND b.issued_date <= %(day)s::date
), older AS (
    SELECT count(*) AS unpaid, coalesce(sum(b.amount - b.paid_amount), 0) AS rest
    FROM billing_bill b, frame
    WHERE b.party_id = %(party)s AND b.paid_date IS NULL AND b.month < frame.oldest AND b.disputed_date IS NULL
      AND b.due_date < %(day)s::date
), block AS MATERIALIZED (
    SELECT greatest(k.valid_from, frame.oldest) AS since, least(k.valid_to, %(day)s::date) AS until
    FROM billing_accountblock k, frame
    WHERE k.party_id = %(party)s AND k.reason <> 'request' AND k.valid_from <= %(day)s::date
      AND coalesce(k.valid_to, %(day)s::date) > frame.oldest
), top_up AS MATERIALIZED (
    SELECT date_trunc('month', p.paid_at AT TIME ZONE 'UTC')::date AS month, sum(p.amount) AS amount
    FROM billing_payment p JOIN billing_billingaccount a ON a.id = p.account_id AND a.kind = 'prepaid', frame
    WHERE p.party_id = %(party)s AND p.paid_at >= frame.oldest AND p.paid_at < %(day)s::date + 1
      AND p.reversed_at IS NULL
    GROUP BY 1
), promise AS (
    SELECT count(*) FILTER (WHERE r.result = 'kept') AS kept, count(*) FILTER (WHERE r.result = 'broken') AS broken
    FROM billing_paymentpromise r, frame
    WHERE r.party_id = %(party)s AND r.resolved_date BETWEEN frame.oldest AND %(day)s::date
), fact AS (
    SELECT count(*) FILTER (WHERE state = 3) AS on_time,
           count(*) FILTER (WHERE state = 7) AS late,
           count(*) FILTER (WHERE state = 8) AS unpaid,
           count(*) FILTER (WHERE state = 5) AS disputed,
           coalesce(max(days) FILTER (WHERE state = 7), 0) AS longest_delay,
           coalesce(sum(rest) FILTER (WHERE state = 8), 0) AS overdue,
           coalesce(sum(([late_bill] + CASE WHEN days > 30 THEN [late_over_month] ELSE 0 END)
               * CASE WHEN is_recent THEN [recent] ELSE 1 END) FILTER (WHERE state = 7), 0) AS late_cost,
           coalesce(sum([unpaid_bill] + CASE WHEN days > 30 THEN [unpaid_over_month] ELSE 0 END)
               FILTER (WHERE state = 8), 0) AS unpaid_cost
    FROM bill
), cost AS (
    SELECT f.on_time, f.late, f.disputed, f.longest_delay, f.late_cost,
           f.unpaid + o.unpaid AS unpaid, f.overdue + o.rest AS overdue,
           f.unpaid_cost + o.unpaid * ([unpaid_bill] + [unpaid_over_month]) AS unpaid_cost,
           p.kept, p.broken, p.broken * [promise_broken] AS broken_cost,
           greatest(p.kept * [promise_kept], [promise_kept_most]) AS kept_cost,
           b.blocked, least(b.blocked / [blocked_days], [blocked_most]) AS blocked_cost,
           t.top_ups, t.topped_up
    FROM fact f, older o, promise p,
         (SELECT coalesce(sum(until - since), 0) AS blocked FROM block) b,
         (SELECT count(*) AS top_ups, coalesce(sum(amount), 0) AS topped_up FROM top_up) t
), judged AS (
    SELECT *, least(100, greatest(0, 100 - late_cost - unpaid_cost - broken_cost - kept_cost - blocked_cost)) AS points,
           on_time + late + unpaid + disputed + top_ups + kept + broken > 0 AS is_known
    FROM cost
), month AS (
    SELECT m.month, coalesce(b.days, 0) AS late_days, coalesce(k.days, 0) AS blocked_days,
           greatest(b.state, CASE WHEN k.days > 0 THEN 6 WHEN t.month IS NOT NULL THEN 2 ELSE 1 END) AS state
    FROM frame, LATERAL (
        SELECT frame.oldest + make_interval(months => n) AS month FROM generate_series(0, [months_before]) n
    ) s, LATERAL (SELECT s.month::date AS month) m
    LEFT JOIN (SELECT bill.month, max(state) AS state, max(days) FILTER (WHERE state > 4) AS days
               FROM bill GROUP BY bill.month) b ON b.month = m.month
    LEFT JOIN top_up t ON t.month = m.month
    LEFT JOIN LATERAL (
        SELECT sum(least(until, (m.month + interval '1 month')::date) - greatest(since, m.month)) AS days
        FROM block WHERE since < (m.month + interval '1 month')::date AND until > m.month
    ) k ON true
)
SELECT jsonb_build_object(
    'months', (SELECT jsonb_agg(jsonb_build_object('month', to_char(month, 'YYYY-MM'), 'state',
                   ('{[states]}'::text[])[state],
                   'days', CASE state WHEN 6 THEN blocked_days ELSE late_days END) ORDER BY month) FROM month),
    'grade', CASE WHEN is_known THEN CASE WHEN points >= [grade_a] THEN 'A' WHEN points >= [grade_b] THEN 'B'
                  WHEN points >= [grade_c] THEN 'C' WHEN points >= [grade_d] THEN 'D' ELSE 'E' END END,
    'dots', CASE WHEN is_known THEN CASE WHEN points >= [grade_a] THEN 5 WHEN points >= [grade_b] THEN 4
                 WHEN points >= [grade_c] THEN 3 WHEN points >= [grade_d] THEN 2 ELSE 1 END ELSE 0 END,
    'points', CASE WHEN is_known THEN points END,
    'on_time', on_time, 'late', late, 'unpaid', unpaid, 'disputed', disputed, 'longest_delay_days', longest_delay,
    'overdue_amount', overdue, 'promises_kept', kept, 'promises_broken', broken,
    'blocked_days', blocked, 'top_ups', top_ups, 'topped_up_amount', topped_up,
    'reasons', (SELECT coalesce(jsonb_agg(jsonb_build_object('code', code, 'value', value, 'points', -cost)
                    ORDER BY cost DESC, place), '[]') FROM (VALUES
        (1, 'unpaid_bills', unpaid::numeric, unpaid_cost::numeric),
        (2, 'overdue_amount', overdue, 0),
        (3, 'late_bills', late, late_cost),
        (4, 'longest_delay_days', longest_delay, 0),
        (5, 'promises_broken', broken, broken_cost),
        (6, 'blocked_days', blocked, blocked_cost),
        (7, 'disputed_bills', disputed, 0),
        (8, 'promises_kept', kept, kept_cost),
        (9, 'bills_on_time', on_time, 0),
        (10, 'months_topped_up', top_ups, 0),
        (11, 'no_history', (NOT is_known)::int, 0)) AS r(place, code, value, cost) WHERE value > 0))
FROM judged)"""


@cache
def solvency_sql() -> str:
    """Return a scalar subquery that gives the solvency of the party %(party)s on the day %(day)s as jsonb.

    The grade rule, the window and the month states stand in it as constants; nothing else decides the grade.
    """
    text = _SOLVENCY.replace("[months_before]", str(MONTHS - 1)).replace("[states]", ",".join(MONTH_STATES))
    for field in fields(GradeRule):
        text = text.replace(f"[{field.name}]", f"({getattr(RULE, field.name)})")
    return text


def solvency(party_id: int, viewer: Viewer, day: date) -> dict[str, Any] | None:
    """Return a party's solvency on a day; None to who may not see its bills.

    `months` (24, oldest first, each with state and days), `grade` A to E with `dots` 5 to 1 (no history: None and 0),
    the counts, and `reasons`: what cost most first, as codes with values and points.
    """
    if not may_for_party(rights_of(viewer), BillingPermission.READ, party_id):
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {solvency_sql()}::text", {"party": party_id, "day": day})
        return cast(dict[str, Any], json.loads(cursor.fetchone()[0], parse_float=Decimal))
