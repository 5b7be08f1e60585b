"""Codes of published lists for exports of commitments: DAC purposes, IATI finance types, kinds of bodies and states."""

from __future__ import annotations

PURPOSES = {
    "11110": "Education policy and administrative management",
    "11120": "Education facilities and training",
    "11130": "Teacher training",
    "11182": "Educational research",
    "11220": "Primary education",
    "11230": "Basic life skills for adults",
    "11231": "Basic life skills for youth",
    "11232": "Primary education equivalent for adults",
    "11240": "Early childhood education",
    "11250": "School feeding",
    "11260": "Lower secondary education",
    "11320": "Upper secondary education",
    "11330": "Vocational training",
    "11420": "Higher education",
    "11430": "Advanced technical and managerial training",
}
OF_PHASE = {
    "ecd": ("11240",),
    "fp": ("11220",),
    "ip": ("11220",),
    "sp": ("11260",),
    "fet": ("11320",),
    "pset": ("11330", "11420"),
    "system": ("11110",),
}
OF_THEME = {
    "t1": "11130",
    "professionalising-the-teaching-service": "11130",
    "t3": "11110",
    "government-capacity-to-deliver": "11110",
}
FINANCE = {
    "grant": ("110", "Standard grant"),
    "match_grant": ("110", "Standard grant"),
    "reimbursable": ("422", "Reimbursable grant"),
    "loan": ("421", "Standard loan"),
    "guarantee": ("1100", "Guarantees"),
    "equity": ("510", "Common equity"),
}
BODIES = {
    "GOVERNMENT": ("10", "Government"),
    "SETA": ("15", "Other public sector"),
    "MULTILATERAL": ("40", "Multilateral"),
    "FOUNDATION": ("60", "Foundation"),
    "TRUST": ("60", "Foundation"),
    "CORPORATE_CSI": ("70", "Private sector"),
    "IMPACT_INVESTOR": ("70", "Private sector"),
}
ACTIVITY = {
    "1": "Pipeline/identification",
    "2": "Implementation",
    "3": "Finalisation",
    "5": "Cancelled",
    "6": "Suspended",
}
OF_PLACE = {
    "captured": "1",
    "concept": "1",
    "ready": "1",
    "piloting": "2",
    "at_replication": "2",
    "replicating": "2",
    "at_institutionalisation": "2",
    "institutionalised": "3",
}
OF_STANDING = {"held": "6", "stopped": "5", "merged": "5", "referred": "5", "withdrawn": "5"}
NATIONAL, SUBNATIONAL, LOCAL = "GLS030", "GLS040", "GLS050"


def purposes_of(phases: list[str], theme: str) -> list[str]:
    """The DAC purpose codes of an idea, in their order; none where the lists know neither its phases nor its theme."""
    found = {code for phase in phases for code in OF_PHASE.get(phase.lower(), ())}
    if theme.lower() in OF_THEME:
        found.add(OF_THEME[theme.lower()])
    return sorted(found)


def activity_of(place: str, standing: str) -> str:
    """The IATI state of an activity; empty where the list has none for it."""
    return OF_STANDING.get(standing) or OF_PLACE.get(place, "")
