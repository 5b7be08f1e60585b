"""What the capture page says; its scripts hold no words of their own."""

from __future__ import annotations

from innovation.languages import gettext as _


def capture_words() -> dict[str, str]:
    """The texts of the page by their keys; ``{name}`` in braces is filled in by the page."""
    return _of_the_page() | _of_a_capture() | _of_the_list() | _of_trouble()


def _of_the_page() -> dict[str, str]:
    return {
        "online": _("Online"),
        "offline": _("Offline"),
        "saved_here": _("{n} saved here"),
        "arrived_n": _("{n} arrived"),
        "nothing": _("Nothing waits"),
        "sending": _("Sending"),
        "join_title": _("Join a clinic"),
        "join_text": _(
            "Type the code from the wall. You need a signal for this once; after that you can capture without."
        ),
        "join": _("Join"),
        "code": _("Code"),
        "ready": _("Ready. This page now works without a signal. Keep its address, or add it to your home screen."),
        "not_offline": _(
            "At this address the page cannot be opened without a signal: the connection is not secured (HTTPS). "
            "It works while you stay on it. Ask for the https address."
        ),
        "no_worker": _("This browser cannot open the page without a signal. It works while you are online."),
        "newer": _("There is a newer version of this page. What you have typed is saved. Load it again."),
        "reload": _("Load again"),
        "other_clinic": _("Join another clinic"),
        "notice": _("What happens with personal information"),
        "version": _("version {n}"),
        "draft_notice": _("This translation has not been checked yet. The English text counts."),
    }


def _of_a_capture() -> dict[str, str]:
    return {
        "new": _("New idea"),
        "question": _("Question {n} of {all}"),
        "saved_device": _("Saved on this phone"),
        "saving": _("Saving"),
        "back": _("Back"),
        "next": _("Next"),
        "finish": _("Save the idea"),
        "finish_next": _("Save and next"),
        "fast": _("All on one screen"),
        "dots": _("Dots and the wall"),
        "slow": _("One question a screen"),
        "more": _("More, if there is time"),
        "who": _("Who has this idea?"),
        "agree": _("What do you agree to?"),
        "agree_help": _("Say yes or no to each. It can be withdrawn at any time."),
        "sketch": _("Have you drawn it?"),
        "sketch_help": _("Take a photo of a sketch or a flip-chart. No faces. It is made small on this phone."),
        "photo_add": _("Add a photo"),
        "photo_remove": _("Remove the photo"),
        "photo_bad": _("This picture cannot be read. Take another one."),
        "photo_alt": _("The photo of the sketch"),
        "optional": _("optional"),
        "left": _("{n} characters left"),
        "over": _("{n} characters too many"),
        "needed": _("Please fill this in."),
        "choose": _("Choose one."),
        "yes_or_no": _("Choose yes or no."),
        "first_only": _("Write the first name only. For somebody under 18 no surname is kept."),
        "agreed_needed": _("Write who agreed for the child, or leave the child's first name and school empty."),
        "contact_needed": _("Say yes here, or leave e-mail and phone empty."),
        "nothing_to_agree": _("There is nothing to agree to: no name is kept."),
        "look_again": _("Please look at this again"),
        "kept": _("It is saved on this phone and goes out by itself."),
        "copied": _("This idea was changed in another tab. What you typed here is kept as another draft."),
        "elsewhere": _("This idea has been saved in another tab."),
        "discard": _("Throw this draft away"),
        "discard_sure": _("Throw it away? It is only on this phone."),
        "alike": _("Ideas like this one, on this phone or on the wall"),
        "alike_help": _("If yours is one of them, it need not be written again. If it is another one, go on."),
        "learnt": _("Somebody tried something alike: what they learnt"),
        "alike_why": _("Alike in: {words}"),
        "for_child": _("Somebody under 18: first name and school at most, and only if a parent or guardian agreed."),
    }


def _of_the_list() -> dict[str, str]:
    return {
        "here": _("Saved on this phone"),
        "here_help": _("These go out when there is a signal. You can still change them."),
        "none_here": _("Nothing waits on this phone."),
        "drafts": _("Not finished"),
        "go_on": _("Go on"),
        "change": _("Change"),
        "arrived": _("Arrived"),
        "none_arrived": _("Nothing has been sent from this phone yet."),
        "reference": _("Reference"),
        "secret": _("Secret"),
        "secret_help": _("Write both down: they open the page that says what becomes of the idea."),
        "noted": _("I have written it down"),
        "status": _("Where is it now?"),
        "send_now": _("Send now"),
        "again": _("Needs another look"),
        "mend": _("Mend it"),
        "as_new": _("Send it as another idea"),
        "leave": _("Leave it as it arrived"),
        "untitled": _("Without a title yet"),
        "whose": _("Whose phone is this?"),
        "whose_help": _("On a shared phone, secrets leave it as soon as they have been written down."),
        "own": _("My own"),
        "shared": _("Several people use it"),
        "forget": _("Take everything off this phone"),
        "forget_plain": _("The list, and the secrets of what has arrived, leave this phone."),
        "forget_sure": _("What has not arrived would be lost. Take everything off this phone?"),
    }


def _of_trouble() -> dict[str, str]:
    return {
        "no_answer": _("No answer. We try again by ourselves."),
        "needs_signal": _("No answer. This needs a signal: try again where there is one."),
        "shut_out": _("This phone may no longer send to {clinic}. Join again with its code; nothing is lost."),
        "too_large": _("This idea is too large to send. Take the photo away, or take it again."),
        "said_before": _("This idea arrived before as {reference}, with other words."),
        "no_room": _("This phone has no room left. Free some space; what is on the screen is not saved yet."),
        "no_store": _("This browser keeps nothing, as in a private window. Open the page in an ordinary window."),
    }
