"""What happens in the workforce."""

from enum import StrEnum


class WorkforceEvent(StrEnum):
    """Changes of departments and employees."""

    DEPARTMENT_CREATED = "department.created"
    DEPARTMENT_CHANGED = "department.changed"
    DEPARTMENT_CLOSED = "department.closed"
    DEPARTMENT_REOPENED = "department.reopened"
    HEAD_APPOINTED = "department.head_appointed"
    EMPLOYEE_HIRED = "employee.hired"
    EMPLOYEE_CHANGED = "employee.changed"
    LOGIN_OPENED = "employee.login_opened"
    EMPLOYEE_MOVED = "employee.moved"
    EMPLOYEE_LEFT = "employee.left"
    SKILL_SAVED = "employee.skill_saved"
    PRESENCE_CHANGED = "employee.presence_changed"
    ACCOUNT_ASSIGNED = "account_manager.assigned"
    ACCOUNT_RELEASED = "account_manager.released"
