"""Ideas that read like one, and how people say that they stand to it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from innovation.ideas import commands, policy, queries
from innovation.ideas.blueprint import bp
from innovation.ideas.forms.alike import RelationForm
from innovation.ideas.lesson_words import CAUSES, ENDED
from innovation.ideas.models import Idea
from innovation.ideas.queries import Alike, Learnt, Related
from innovation.languages import gettext as _
from innovation.web import me

MOST_SHOWN = 3  # beside the idea itself; all are on a page of their own


@bp.get("/ideas/<reference>/alike")
def ideas_like(reference: str) -> Any:
    idea = queries.find_idea(me(), reference)
    policy.may_relate_idea.require(me(), idea)
    return _page(idea, RelationForm.read())


@bp.get("/ideas/<reference>/alike/list")
def alike_list(reference: str) -> str:
    """The part of the page of an idea that takes long to find, and is asked for once somebody has come to it."""
    idea = queries.find_idea(me(), reference)
    _related, found, learnt = _alike(idea)
    words = {"causes": CAUSES, "ended": ENDED}
    return render_template("ideas/alike_list.html", found=found[:MOST_SHOWN], learnt=learnt, **words)


@bp.post("/ideas/<reference>/relations")
def relate(reference: str) -> Any:
    idea = queries.find_idea(me(), reference)
    form = RelationForm.read()
    if form.submit_to(commands.relate_idea, me(), idea):
        flash(_("It is noted. Both ideas show it to those who may see both."))
        return redirect(url_for(".ideas_like", reference=idea.reference))
    return _page(idea, form)


def _page(idea: Idea, form: RelationForm) -> Any:
    related, found, _learnt = _alike(idea)
    return render_template("ideas/alike.html", idea=idea, form=form, related=related, found=found), form.status


def _alike(idea: Idea) -> tuple[list[Related], list[Alike], list[Learnt]]:
    """What people have said of the idea and others, the others that read alike of which nobody has, and lessons."""
    related = queries.list_related(me(), idea)
    known = {each.reference for each in related}
    problem = str(queries.latest_revision(idea).answers.get("problem") or "")
    found = queries.find_alike_and_learnt(
        me(),
        idea.title,
        problem,
        programme_id=idea.programme_id,
        exclude=idea.id,
        marks=queries.marks_of(idea),
    )
    return related, [each for each in found.alike if each.reference not in known], found.learnt
