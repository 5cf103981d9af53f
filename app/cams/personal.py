"""Of the tables of this app and of the packages below it, which have no `personal.py` of their own."""

from cams.masks import EMPTIED, Masks, constant, fake, keep

PERSONAL: dict[str, Masks] = {
    "auth_user": {
        "username": fake("email"),  # which it often is, and then it is masked like it
        "email": fake("email"),
        "first_name": fake("first_name"),
        "last_name": fake("last_name"),
        "password": constant("!"),  # what Django calls unusable: nobody logs in with what they have in the original
    },
    "auth_group": keep("name"),
    "auth_permission": keep("name", "codename"),
    "django_content_type": keep("app_label", "model"),
    "django_migrations": keep("app", "name"),
    "django_admin_log": EMPTIED,  # it names people and what they did
    "django_session": EMPTIED,  # whoever has one is logged in
    "django_tasks_database_dbtaskresult": EMPTIED,  # jobs would be done again, and write to people
    "cams_heartbeat": EMPTIED,  # of workers that are not here
}
