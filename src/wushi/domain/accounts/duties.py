"""Duties (职责): what a post makes a person responsible for. Codes; the words are translations."""

from __future__ import annotations

from enum import StrEnum


class Duty(StrEnum):
    """One duty of a post, always held over an area."""

    SECRETARY = "secretary"  # 村(社区)党组织书记
    DEPUTY = "deputy"  # 副书记
    GRID_LEAD = "grid_lead"  # 网格长
    GRID_WORKER = "grid_worker"  # 网格员
    GRID_ASSISTANT = "grid_assistant"  # 网格协管员
    TOWN_CLERK = "town_clerk"  # 乡镇分流员
    TOWN_LEAD = "town_lead"  # 乡镇负责人
    DISTRICT_CLERK = "district_clerk"  # 区级分流员
    DISTRICT_LEAD = "district_lead"  # 区领导
    DEPARTMENT = "department"  # 部门
    HOTLINE = "hotline"  # 热线话务员
    SUPERVISOR = "supervisor"  # 督办员
    DISCIPLINE = "discipline"  # 纪检监察
    DISTRICT_ADMIN = "district_admin"  # 区级管理员
    SECURITY_ADMIN = "security_admin"  # 安全管理员
    AUDIT_ADMIN = "audit_admin"  # 审计管理员


ANY_STAFF = frozenset(Duty)
# One current holder per area and post, and a vacancy when there is none.
LEADING = frozenset({Duty.SECRETARY, Duty.GRID_LEAD})
# 等保 8.1.4.1 asks two factors of those who administer.
SECOND_FACTOR = frozenset({Duty.DISTRICT_ADMIN, Duty.SECURITY_ADMIN, Duty.AUDIT_ADMIN})
APPOINTERS = frozenset({Duty.DISTRICT_ADMIN})
# Only the administrator gives these away, not even for a day.
PROTECTED = SECOND_FACTOR | {Duty.SUPERVISOR, Duty.DISCIPLINE}
# Which duties look at matters of their area, and which only administer or have their own room.
AREA_READERS = frozenset(
    {
        Duty.SECRETARY,
        Duty.DEPUTY,
        Duty.GRID_LEAD,
        Duty.GRID_WORKER,
        Duty.GRID_ASSISTANT,
        Duty.TOWN_CLERK,
        Duty.TOWN_LEAD,
        Duty.DISTRICT_CLERK,
        Duty.DISTRICT_LEAD,
        Duty.SUPERVISOR,
    }
)
