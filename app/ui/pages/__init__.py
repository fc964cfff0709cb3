"""The pages, one noun a file. Each gives its `routes`."""

from app.ui.pages import (
    about,
    audit,
    figure,
    indicator,
    indicator_edit,
    key,
    message,
    own_password,
    partnership,
    password,
    person,
    plan,
    priority,
    session,
    submission,
    upload,
)

MODULES = (
    plan,
    priority,
    indicator,
    indicator_edit,
    figure,
    upload,
    submission,
    message,
    person,
    key,
    audit,
    partnership,
    session,
    password,
    own_password,
    about,
)
