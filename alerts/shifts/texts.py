"""What is said about shifts, to who has them and to who coordinates. Read by tired people at night.

The rest stands in `alerts.texts`: SHIFT_SOON, SHIFT_CONFIRMED, SHIFT_PASSED, SHIFT_UNCONFIRMED.
"""

from locales.text import Text, _

#: G2 when there is nobody to pass it to. {shift}: hours.
SHIFT_SOON_ALONE = Text.same(_("sms.duty.shift_soon_alone"))
#: To who takes over after a NO. {colleague}: who cannot come.
SHIFT_YOURS = Text.same(_("sms.duty.shift_yours"))
#: To coordinators. {substitute}: who takes over.
SHIFT_DECLINED = Text.same(_("sms.duty.shift_declined"))
#: To coordinators: a NO, and nobody is left to ask.
SHIFT_NOBODY = Text.same(_("sms.duty.shift_nobody"))
#: To who said NO.
SHIFT_NOBODY_NEXT = Text.same(_("sms.duty.shift_nobody_next"))
#: To coordinators who were told that nobody answered: now somebody has.
SHIFT_TAKEN = Text.same(_("sms.duty.shift_taken"))
#: To a button that is pressed when the shift is somebody else's, or over.
SHIFT_SETTLED = Text.same(_("sms.duty.shift_settled"))
#: To a NO of who was only asked whether they would stand in.
OFFER_DECLINED = Text.same(_("sms.duty.offer_declined"))

#: To who asked for relief.
RELIEVED = Text.same(_("sms.duty.relieved"))
RELIEF_NOBODY_NEXT = Text.same(_("sms.duty.relief_nobody_next"))
NOT_ON_DUTY = Text.same(_("sms.duty.relief_off"))
#: To who takes over at once.
RELIEF_YOURS = Text.same(_("sms.duty.relief_yours"))
#: To coordinators.
RELIEF_TOLD = Text.same(_("sms.duty.relief_told"))
RELIEF_NOBODY = Text.same(_("sms.duty.relief_nobody"))

#: A coordinator has changed who comes.
COVERS = Text.same(_("sms.duty.covers"))
COVERED = Text.same(_("sms.duty.covered"))
COVERED_BY_NOBODY = Text.same(_("sms.duty.covered_nobody"))
SWAPPED = Text.same(_("sms.duty.swapped"))

#: To coordinators. {shift}: the first gap with its days, {waiting}: how many in the next week.
GAP = Text.same(_("sms.duty.gap"))
GAPS = Text.same(_("sms.duty.gaps"))
#: {until}: a time, with its day unless it is near.
GAP_NOW = Text.same(_("sms.duty.gap_now"))
#: {people}: pseudonyms.
METHODS_UNPROVED = Text.same(_("sms.duty.methods_unproved"))
MANY_NIGHTS = Text.same(_("sms.duty.many_nights"))
MANY_PAGES = Text.same(_("sms.duty.many_pages"))

#: To who goes off duty with cases in hand. {folios}.
HAND_OVER = Text.same(_("sms.duty.hand_over"))

BUTTON_COMES = Text.same(_("button.shift_comes"))
BUTTON_CANNOT = Text.same(_("button.shift_cannot"))
