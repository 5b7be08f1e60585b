"""The parts of the map about importing ideas and past awards from files."""

from __future__ import annotations

from tests.architecture.sights import Page, among, only, own

IMPORTS = {
    "ideas.import_page": Page(
        among(
            *("facilitator", "other_facilitator", "coordinator", "walled", "manager", "foreign_manager"), "other_region"
        )
    ),
    "ideas.import_step": Page(only(key="unknown")),
    "ideas.imported": Page(own("import", "coordinator", "import_id")),
    "ideas.undo_import": Page(own("import", "coordinator", "import_id"), writes="import_ideas"),
}

AWARDS = {
    "funders.import_awards": Page(sees="import_awards", writes="import_awards"),
    "funders.import_step": Page(only(key="unknown")),
}
