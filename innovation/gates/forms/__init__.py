"""The forms of panels, reviews, scorecards, decisions and conditions."""

from .assigning import AssignmentForm, ExpertiseForm, RulingsForm
from .decisions import DecisionForm, EndingForm, SignForm, SupersedeForm, decision_form, supersede_form
from .interests import LEVEL_NAMES, RulingForm, flag_words
from .panels import ConveneForm, PanelFilterForm, PanelForm, PresentForm, SeatForm, VacancyForm
from .reconsidering import AskForm, NameForm, UpholdForm
from .reviews import (
    AbstentionForm,
    ConditionFilterForm,
    DeclarationForm,
    DeskForm,
    EvidenceForm,
    MoveDueDateForm,
    ReviewFilterForm,
    SettleConditionForm,
    SettleForm,
    WaiveForm,
)
from .scorecards import ScorecardForm, card_of_copy, scorecard_form
from .waiving import AnswerWaiverForm, AskWaiverForm, RevokeForm
from .words import CONDITION_STATES, OUTCOME_TONES, ROLE_NAMES, STANCE_NAMES, STATE_NAMES

__all__ = [
    "CONDITION_STATES",
    "LEVEL_NAMES",
    "OUTCOME_TONES",
    "ROLE_NAMES",
    "STANCE_NAMES",
    "STATE_NAMES",
    "AbstentionForm",
    "AnswerWaiverForm",
    "AskForm",
    "AskWaiverForm",
    "AssignmentForm",
    "ConditionFilterForm",
    "ConveneForm",
    "DecisionForm",
    "DeclarationForm",
    "DeskForm",
    "EndingForm",
    "EvidenceForm",
    "ExpertiseForm",
    "MoveDueDateForm",
    "NameForm",
    "PanelFilterForm",
    "PanelForm",
    "PresentForm",
    "ReviewFilterForm",
    "RevokeForm",
    "RulingForm",
    "RulingsForm",
    "ScorecardForm",
    "SeatForm",
    "SettleConditionForm",
    "SettleForm",
    "SignForm",
    "SupersedeForm",
    "UpholdForm",
    "VacancyForm",
    "WaiveForm",
    "card_of_copy",
    "decision_form",
    "flag_words",
    "scorecard_form",
    "supersede_form",
]
