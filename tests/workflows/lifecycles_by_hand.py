"""Who may move what, from which state: written by hand, a grid for each lifecycle, so that a slip in a table of the code shows.

A column is a move and the state it leads to; a row is a state; a cell names the roles that may make the move from it:
  m councillor   c chair   o scrutiny officer   i inspector   l lead inspector   r responder   t approver (certifier)
  a administrator   p operator (commands)   k timetable (jobs)          a dot: nobody may
A fact of a higher room may bar a move that stands here: where an agency has an approver, a responder may not submit.
"""

from dataclasses import dataclass

from workflows.roles import (
    ADMINISTRATOR,
    CERTIFIER,
    CHAIR,
    COUNCILLOR,
    INSPECTOR,
    LEAD_INSPECTOR,
    OPERATOR,
    RESPONDER,
    SCRUTINY_OFFICER,
    TIMETABLE,
)

LETTERS = {
    "m": COUNCILLOR,
    "c": CHAIR,
    "o": SCRUTINY_OFFICER,
    "i": INSPECTOR,
    "l": LEAD_INSPECTOR,
    "r": RESPONDER,
    "t": CERTIFIER,
    "a": ADMINISTRATOR,
    "p": OPERATOR,
    "k": TIMETABLE,
}

REVIEW = """
            open>opened   report>reported   close>closed   withdraw>withdrawn
planned     colp          .                 .              col
opened      .             colk              .              col
reported    .             .                 col            .
closed      .             .                 .              .
withdrawn   .             .                 .              .
"""

INVITATION = """
            accept>accepted   decline>declined   take_back>taken_back
invited     col               col                col
accepted    .                 .                  .
declined    .                 .                  .
taken_back  .                 .                  .
"""

REQUEST = """
            drop>dropped   take_up>drafted   issue>issued   withdraw>withdrawn   close>closed
drafted     col            .                 col            .                    .
dropped     .              col               .              .                    .
issued      .              .                 .              col                  col
withdrawn   .              .                 .              .                    .
closed      .              .                 .              .                    .
"""

# The machine knows what the mail server said; officers enter what went on paper; an answer shows that it arrived.
DELIVERY = """
            accept>delivered   enter>delivered   answer>delivered   fail>failed   bounce>failed   send_again>waiting
waiting     kp                 colp              colrt              colkp         .               .
failed      kp                 colp              colrt              .             .               colp
delivered   .                  .                 .                  .             kp              .
"""

# The agency answers; the asker's officers enter what came by post or telephone, accept, return and withdraw; an inspector of
# the asker reads, so accepts and returns, but neither enters nor withdraws.
ITEM = """
                answer>answered  keep_decline>answered  send_to_certifier>with_certifier  send_back>sent_back  submit>submitted
asked           rt               rt                     .                                 .                    .
answered        rt               rt                     rt                                .                    rt
with_certifier  .                .                      .                                 t                    rt
sent_back       rt               rt                     .                                 .                    .
submitted       .                .                      .                                 .                    .
not_held        .                .                      .                                 .                    .
refused         .                .                      .                                 .                    .
redirected      .                .                      .                                 .                    .
returned        rt               rt                     .                                 .                    .
accepted        .                .                      .                                 .                    .
withdrawn       .                .                      .                                 .                    .

                say_not_held>not_held  refuse>refused  redirect>redirected  take_back>answered  take_back_decline>answered
asked           .                      .               .                    .                   .
answered        rt                     rt              rt                   .                   .
with_certifier  rt                     rt              rt                   rt                  .
sent_back       .                      .               .                    .                   .
submitted       .                      .               .                    .                   .
not_held        .                      .               .                    .                   rt
refused         .                      .               .                    .                   rt
redirected      .                      .               .                    .                   rt
returned        .                      .               .                    .                   .
accepted        .                      .               .                    .                   .
withdrawn       .                      .               .                    .                   .

                discard>asked  discard_to_returned>returned  discard_to_sent_back>sent_back  discard_decline>answered
asked           .              .                             .                               .
answered        rt             rt                            rt                              rt
with_certifier  .              .                             .                               .
sent_back       .              .                             .                               .
submitted       .              .                             .                               .
not_held        .              .                             .                               .
refused         .              .                             .                               .
redirected      .              .                             .                               .
returned        .              .                             .                               .
accepted        .              .                             .                               .
withdrawn       .              .                             .                               .

                say_wrong>returned  enter>submitted  return>returned  accept>accepted  withdraw>withdrawn
asked           .                   col              .                .                col
answered        .                   col              .                .                col
with_certifier  .                   col              .                .                col
sent_back       .                   col              .                .                col
submitted       rt                  .                coil             coil             col
not_held        .                   .                coil             coil             col
refused         .                   .                coil             coil             col
redirected      .                   .                coil             coil             col
returned        .                   col              .                .                col
accepted        rt                  .                coil             .                .
withdrawn       .                   .                .                .                .
"""

REGISTER_ENTRY = """
            publish>published   withdraw>withdrawn
noticed     col                 col
published   .                   col
withdrawn   .                   .
"""

LEDGER_SOURCE = """
            complete>pending   publish>published   replace>replaced   withdraw>withdrawn
entering    olp                .                   .                  .
pending     .                  olp                 olp                olp
published   .                  .                   olp                olp
replaced    .                  .                   .                  .
withdrawn   .                  .                   .                  .
"""

EXTENSION = """
            grant>granted   refuse>refused   take_back>taken_back
asked       col             col              rt
granted     .               .                .
refused     .               .                .
taken_back  .               .                .
"""

ESCALATION = """
            remind>sent   chase>sent   propose>proposed   approve>sent   set_aside>declined   stop>stopped
reached     k             colp         k                  .              .                     .
proposed    .             .            .                  cl             col                   k
sent        .             .            .                  .              .                     .
declined    .             .            .                  .              .                     .
stopped     .             .            .                  .              .                     .
"""

# The asker's officers answer a question back; whoever settles the item first, agency or officer, overtakes it; where the
# agency takes back what settled it, its question waits again.
CLARIFICATION = """
            answer>answered   overtake>overtaken   reopen>asked
asked       col               colrt                .
answered    .                 .                    .
overtaken   .                 .                    rt
"""

FINDING = """
            propose>proposed   take_back>drafted   settle>settled   reopen>proposed   withdraw>withdrawn
drafted     oil                .                   .                .                 col
proposed    .                  oil                 col              .                 col
settled     .                  .                   .                col               col
withdrawn   .                  .                   .                .                 .
"""

CORRECTION = """
              offer>offered   make>made   make_in_part>made_in_part   decline>not_made
drafted       rt              .           .                           .
offered       .               col         col                         col
made          .               .           .                           .
made_in_part  .               .           .                           .
not_made      .               .           .                           .
"""

APPROVAL = """
              approve>approved   send_back>sent_back   take_back>taken_back   overtake>overtaken
waiting       t                  t                     rt                     .
sent_back     .                  .                     rt                     rt
taken_back    .                  .                     .                      rt
approved      .                  .                     .                      .
overtaken     .                  .                     .                      .
"""

RECOMMENDATION = """
            propose>proposed   take_back>drafted   make>made   withdraw>withdrawn
drafted     oil                .                   .           col
proposed    .                  oil                 colk        col
made        .                  .                   .           .
withdrawn   .                  .                   .           .
"""

# Only the body that recommended ends a recommendation: the agency may say that it is done, not that it is closed. Each end
# is a state of its own: what was rejected can never become done, and nothing that has ended moves again.
RESPONSE = """
                   accept>accepted   accept_in_part>partly_accepted   reject>rejected   note>noted   say_done>said_done
awaited            rt                rt                               rt                rt           .
noted              rt                rt                               rt                .            .
accepted           .                 .                                .                 .            rt
partly_accepted    .                 .                                .                 .            rt
rejected           .                 .                                .                 .            .
said_done          .                 .                                .                 .            .
done               .                 .                                .                 .            .
partly_done        .                 .                                .                 .            .
not_done           .                 .                                .                 .            .
not_accepted       .                 .                                .                 .            .
superseded         .                 .                                .                 .            .
no_longer_tracked  .                 .                                .                 .            .

                   correct_accept>accepted   correct_in_part>partly_accepted   correct_reject>rejected
awaited            .                         .                                 .
noted              .                         .                                 .
accepted           rt                        rt                                rt
partly_accepted    rt                        rt                                rt
rejected           rt                        rt                                rt
said_done          .                         .                                 .
done               .                         .                                 .
partly_done        .                         .                                 .
not_done           .                         .                                 .
not_accepted       .                         .                                 .
superseded         .                         .                                 .
no_longer_tracked  .                         .                                 .

                   reopen>accepted   reopen_in_part>partly_accepted   verify>done   close_partly_done>partly_done
awaited            .                 .                                .             .
noted              .                 .                                .             .
accepted           .                 .                                col           col
partly_accepted    .                 .                                col           col
rejected           .                 .                                .             .
said_done          col               col                              col           col
done               .                 .                                .             .
partly_done        .                 .                                .             .
not_done           .                 .                                .             .
not_accepted       .                 .                                .             .
superseded         .                 .                                .             .
no_longer_tracked  .                 .                                .             .

                   close_not_done>not_done   close_not_accepted>not_accepted
awaited            col                       .
noted              col                       .
accepted           col                       .
partly_accepted    col                       .
rejected           .                         col
said_done          col                       .
done               .                         .
partly_done        .                         .
not_done           .                         .
not_accepted       .                         .
superseded         .                         .
no_longer_tracked  .                         .

                   supersede>superseded   stop_tracking>no_longer_tracked
awaited            col                    col
noted              col                    col
accepted           col                    col
partly_accepted    col                    col
rejected           col                    col
said_done          col                    col
done               .                      .
partly_done        .                      .
not_done           .                      .
not_accepted       .                      .
superseded         .                      .
no_longer_tracked  .                      .
"""

# What is staged comes by the clock; from its day on nobody undoes it, which the room itself checks.
REORGANISATION = """
             stage>staged   undo>drafted   carry_out>carried_out   drop>dropped
drafted      ap             .              .                       ap
staged       .              ap             pk                      .
carried_out  .              .              .                       .
dropped      .              .              .                       .
"""

# Nobody seals, prints or releases by hand: the clock does, once the day has come and the signatures hold.
EDITION = """
          schedule>scheduled unschedule>drafted seal>sealed print>printed release>released withdraw>withdrawn recall>recalled
drafted   colk               .                  .           .             .                col                .
scheduled .                  colk               k           .             .                col                .
sealed    .                  .                  .           k             .                col                .
printed   .                  .                  .           .             k                col                .
released  .                  .                  .           .             .                .                  colp
withdrawn .                  .                  .           .             .                .                  .
recalled  .                  .                  .           .             .                .                  .
"""

PLAN = """
            propose>proposed   agree>agreed   announce>announced   open>under_way   return>idea   drop>dropped
idea        col                .              .                    .                .             col
proposed    .                  col            .                    .                col           col
agreed      .                  .              col                  col              col           col
announced   .                  .              .                    col              .             col
under_way   .                  .              .                    .                .             .
dropped     .                  .              .                    .                .             .
"""

GAP = """
            look>looking   close>closed   reopen>noted
noted       col            col            .
looking     .              col            .
closed      .              .              col
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """What happens when somebody makes a move from a state: who may, and the state it leads to."""

    state: str
    move: str
    target: str
    roles: frozenset[str]


def cells(grid: str) -> list[Cell]:
    """Every cell of a grid; a second block of columns stands below the first."""
    found = []
    for block in grid.strip("\n").split("\n\n"):
        heads, *rows = (line.split() for line in block.splitlines())
        for state, *row in rows:
            for head, letters in zip(heads, row, strict=True):
                move, target = head.split(">")
                found.append(Cell(state, move, target, frozenset(LETTERS[one] for one in letters if one != ".")))
    return found
