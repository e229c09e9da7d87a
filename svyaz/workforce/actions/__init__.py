"""Departments and employees: hiring, moving, leaving, skills, presence, log-ins, and who manages which customer."""

from svyaz.workforce.actions.accounts import AlreadyAccountManager, assign_account_manager
from svyaz.workforce.actions.departments import (
    DepartmentCodeTaken,
    DepartmentInUse,
    DepartmentWithinItself,
    appoint_head,
    change_department,
    close_department,
    create_department,
    reopen_department,
)
from svyaz.workforce.actions.employees import (
    EmployeeHasLeft,
    StaffNumberTaken,
    UserIsAnotherEmployee,
    change_employee,
    change_presence,
    hire_employee,
    leave,
    move_employee,
    save_skill,
)
from svyaz.workforce.actions.logins import NewEmployee, open_login, take_on

__all__ = [
    "AlreadyAccountManager",
    "DepartmentCodeTaken",
    "DepartmentInUse",
    "DepartmentWithinItself",
    "EmployeeHasLeft",
    "NewEmployee",
    "StaffNumberTaken",
    "UserIsAnotherEmployee",
    "appoint_head",
    "assign_account_manager",
    "change_department",
    "change_employee",
    "change_presence",
    "close_department",
    "create_department",
    "hire_employee",
    "leave",
    "move_employee",
    "open_login",
    "reopen_department",
    "save_skill",
    "take_on",
]
