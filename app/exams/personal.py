"""Of exams: none is a person's, they are what all candidates see."""

from cams.masks import Masks, keep

PERSONAL: dict[str, Masks] = {"exams_exam": keep("title", "subject", "status")}
