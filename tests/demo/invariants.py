"""What commands always leave true, asked of a whole database at once."""

from __future__ import annotations

import sqlalchemy as sa

from innovation import chain
from innovation.db import db

# Each question finds the rows for which something that commands keep is not so.
QUESTIONS = {
    "the tally counts the ideas": """
        SELECT region_id, place, standing FROM (
          SELECT region_id, place, standing, sum(n) AS n FROM (
            SELECT region_id, place, standing, -count(*) AS n FROM idea GROUP BY region_id, place, standing
            UNION ALL SELECT region_id, place, standing, n FROM idea_tally) AS both_sides
          GROUP BY region_id, place, standing) AS sums WHERE n <> 0""",
    "an idea is listed exactly while it is active, asks, is shared and has reached funders": """
        SELECT i.id FROM idea i WHERE (i.listed_at IS NOT NULL) <> (
          i.standing = 'active' AND i.place IN ('ready', 'piloting', 'at_replication', 'replicating',
            'at_institutionalisation', 'institutionalised')
          AND EXISTS (SELECT 1 FROM ask a WHERE a.idea_id = i.id)
          AND EXISTS (SELECT 1 FROM consent c WHERE c.idea_id = i.id AND c.person_id = i.owner_id
            AND c.purpose = 'share_with_funders' AND c.withdrawn_at IS NULL))""",
    "an idea that reached funders says since when": """
        SELECT id FROM idea WHERE pilot_ready_at IS NULL AND place IN ('ready', 'piloting', 'replicating')""",
    "the newest revision is the one that the idea counts": """
        SELECT i.id FROM idea i WHERE i.revision_number <> (
          SELECT max(number) FROM revision r WHERE r.idea_id = i.id)""",
    "an idea has one chain with a beginning": """
        SELECT i.id FROM idea i WHERE NOT EXISTS (
          SELECT 1 FROM event e WHERE e.subject = 'idea:' || i.id AND e.seq = 1 AND e.kind = 'idea_captured')""",
    "a chain runs forward in time": """
        SELECT b.id FROM event a JOIN event b ON a.subject = b.subject AND b.seq = a.seq + 1 WHERE b.at < a.at""",
    "a decision has its quorum of cards from cleared seats": """
        SELECT r.id FROM review r WHERE r.state = 'decided' AND r.quorum > (
          SELECT count(*) FROM seat s WHERE s.review_id = r.id AND s.stance IN ('none', 'accepted')
            AND s.role IN ('chair', 'cochair', 'deputy', 'member', 'government', 'practitioner')
            AND EXISTS (SELECT 1 FROM scorecard c WHERE c.seat_id = s.id AND c.submitted_at IS NOT NULL))""",
    "nobody who counts was undeclared when it was decided": """
        SELECT s.id FROM seat s JOIN review r ON r.id = s.review_id WHERE r.state = 'decided'
          AND s.role NOT IN ('observer', 'secretary', 'alternate') AND s.stance IN ('undeclared', 'declared')""",
    "only decided reviews have a decision, and each has one": """
        SELECT r.id FROM review r WHERE (r.state = 'decided') <>
          ((SELECT count(*) FROM decision d WHERE d.review_id = r.id) = 1)""",
    "an open review is about an idea that waits at its gate": """
        SELECT r.id FROM review r JOIN idea i ON i.id = r.idea_id WHERE r.state IN ('convened', 'scoring')
          AND (i.place <> 'at_' || r.gate_key OR i.standing <> 'active')""",
    "an idea has one open review at most": """
        SELECT idea_id FROM review WHERE state IN ('convened', 'scoring') GROUP BY idea_id HAVING count(*) > 1""",
    "a card comes from a seat that has declared": """
        SELECT c.id FROM scorecard c JOIN seat s ON s.id = c.seat_id WHERE s.stance NOT IN ('none', 'accepted')""",
    "a cleared seat opens the idea to its member": """
        SELECT s.id FROM seat s JOIN review r ON r.id = s.review_id WHERE s.stance IN ('none', 'accepted')
          AND NOT EXISTS (SELECT 1 FROM idea_access a WHERE a.idea_id = r.idea_id AND a.person_id = s.person_id
            AND a.why = 'seat:' || s.id)""",
    "a recused seat walls its member off": """
        SELECT s.id FROM seat s JOIN review r ON r.id = s.review_id WHERE s.stance = 'recused'
          AND NOT EXISTS (SELECT 1 FROM idea_wall w WHERE w.idea_id = r.idea_id AND w.person_id = s.person_id)""",
    "nobody sits who owns the idea, contributes or is walled off": """
        SELECT s.id FROM seat s JOIN review r ON r.id = s.review_id JOIN idea i ON i.id = r.idea_id
          WHERE s.person_id = i.owner_id OR EXISTS (
            SELECT 1 FROM contributor c WHERE c.idea_id = i.id AND c.person_id = s.person_id)""",
    "conditions come from conditional decisions, which all have some": """
        SELECT d.id FROM decision d WHERE (d.outcome = 'conditional') <>
          EXISTS (SELECT 1 FROM condition c WHERE c.decision_id = d.id)""",
    "a merged idea names the one it joined": """
        SELECT id FROM idea WHERE (standing = 'merged') <> (merged_into_id IS NOT NULL)""",
    "whoever decides against the recommendation says why": """
        SELECT id FROM decision WHERE recommended IS NOT NULL AND recommended <> outcome AND against_reason = ''""",
    "an idea at a later stage has been through its gates": """
        SELECT i.id FROM idea i WHERE i.place IN ('ready', 'piloting', 'at_replication', 'replicating',
            'at_institutionalisation', 'institutionalised')
          AND NOT EXISTS (SELECT 1 FROM decision d JOIN review r ON r.id = d.review_id
            WHERE d.idea_id = i.id AND r.gate_key IN ('pilot', 'light') AND d.outcome IN ('go', 'conditional'))""",
    "an idea past the pilot gate has its papers accepted": """
        SELECT i.id FROM idea i WHERE i.place IN ('at_pilot', 'ready', 'piloting', 'replicating') AND (
          SELECT count(DISTINCT deliverable) FROM handin h WHERE h.idea_id = i.id AND h.state = 'accepted') < 7""",
    "nothing that counts happens twice at a gate": """
        SELECT idea_id FROM review GROUP BY idea_id, gate_key HAVING max(round) <> count(*)""",
    "whoever has claimed an idea has a sign-in": """
        SELECT i.id FROM idea i WHERE i.claimed_at IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM account a WHERE a.person_id = i.owner_id)""",
    "no fact holds an address": "SELECT id FROM event WHERE facts LIKE '%@%'",
}  # fmt: skip


def broken() -> dict[str, list[int]]:
    """What is not so, each with up to five ids of rows that show it; empty when all is well."""
    found = {}
    for name, question in QUESTIONS.items():
        rows = db.session.execute(sa.text(f"{question} LIMIT 5")).all()
        if rows:
            found[name] = [row[0] for row in rows]
    report = chain.verify()
    if not report.ok or report.unsealed:
        found["the record is whole and sealed"] = report.faults[:5]
    return found
