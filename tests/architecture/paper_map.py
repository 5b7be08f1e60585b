"""The part of the map about paper cards, and about what follows a clinic."""

from __future__ import annotations

from tests.architecture.sights import Page, clinics, only

PAPER = {
    "clinics.cards": Page(clinics(), sees="see_clinic"),
    "clinics.make_cards": Page(clinics(), writes="make_cards"),
    "clinics.ask_cards": Page(clinics(), writes="make_cards"),
    "clinics.cards_paper": Page(clinics(), sees="make_cards"),
    "clinics.mark_cards": Page(clinics(), writes="type_in_cards"),
    "clinics.next_card": Page(clinics(), sees="see_clinic"),
    "clinics.type_in_card": Page(clinics(number=1), sees="type_in_cards", writes="type_in_cards"),
    "clinics.card_photo": Page(clinics(number=1), sees="type_in_cards", absent="nobody has photographed it"),
    "clinics.card": Page(only(reference="LP26-9999"), public=True),
    "clinics.next_steps": Page(clinics(), sees="record_next_steps", writes="record_next_steps"),
    "clinics.slips": Page(clinics(), sees="print_slips"),
    "clinics.print_slips": Page(clinics(), writes="print_slips"),
    "clinics.report_as_pdf": Page(clinics(), sees="see_clinic"),
    "clinics.report_photo": Page(clinics(attachment_id=1), sees="see_clinic", absent="nobody has agreed to one"),
}
