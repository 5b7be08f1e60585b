"""What may be asked for as a long job: one table, every kind listed."""

from __future__ import annotations

from innovation.clinics import card_job
from innovation.dossiers import job as dossiers
from innovation.funders import award_job, budget_job, together_job
from innovation.gates import many
from innovation.ideas import import_job, import_undo, move_job
from innovation.jobs import exporting
from innovation.jobs.kinds import Kind
from innovation.pilots import reading_job
from innovation.pipeline import check_job

LONG_JOBS: dict[str, Kind] = {
    "import_ideas": import_job.KIND,
    "import_awards": award_job.KIND,
    "import_readings": reading_job.KIND,
    "undo_import": import_undo.KIND,
    "cards": card_job.KIND,
    "dossiers": dossiers.KIND,
    "move_ideas": move_job.KIND,
    "export": exporting.KIND,
    "budget": budget_job.KIND,
    "budgets": together_job.KIND,
    check_job.NAME: check_job.KIND,
    "present": many.KINDS["present"],
    "convene": many.KINDS["convene"],
    "remind": many.KINDS["remind"],
    "suggest": many.KINDS["suggest"],
    "convene_assigned": many.KINDS["convene_assigned"],
}
