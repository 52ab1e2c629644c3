"""`duthao user add|list|password|drop-factor|link|unlink`: people of this house, straight in its store."""

from __future__ import annotations

import argparse
import getpass
import sys
import time
from dataclasses import replace

from duthao.bootstrap import new_id, open_store
from duthao.domain.audit import Action
from duthao.domain.document import UserId
from duthao.domain.errors import Refusal
from duthao.domain.vouching import MAX_SUBJECT
from duthao.messages import Catalogue
from duthao.service.audit import record_command
from duthao.service.people import add_user
from duthao.service.sessions import SignIn
from duthao.settings import read_settings
from duthao.store.accounts import Identity
from duthao.store.ports import EpochMillis


def add_arguments(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help=catalogue("cli.user.add"))
    add.add_argument("username", help=catalogue("cli.user.username"))
    add.add_argument("name", help=catalogue("cli.user.name"))
    add.add_argument("--position", default="", help=catalogue("cli.user.position"))
    add.add_argument("--admin", action="store_true", help=catalogue("cli.user.admin"))
    actions.add_parser("list", help=catalogue("cli.user.list"))
    password = actions.add_parser("password", help=catalogue("cli.user.password_help"))
    password.add_argument("username", help=catalogue("cli.user.username"))
    factor = actions.add_parser("drop-factor", help=catalogue("cli.user.drop_factor"))
    factor.add_argument("username", help=catalogue("cli.user.username"))
    link = actions.add_parser("link", help=catalogue("cli.user.link"))
    link.add_argument("username", help=catalogue("cli.user.username"))
    link.add_argument("subject", help=catalogue("cli.user.subject"))
    unlink = actions.add_parser("unlink", help=catalogue("cli.user.unlink"))
    unlink.add_argument("username", help=catalogue("cli.user.username"))


def _password(catalogue: Catalogue) -> str:
    """Asked for without echo on a terminal, else the first line of standard input."""
    if sys.stdin.isatty():
        return getpass.getpass(catalogue("service.user.password"))
    return sys.stdin.readline().rstrip("\r\n")


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    settings = read_settings()
    store = open_store(settings)
    try:
        if arguments.action == "list":
            for user in store.users.all():
                print(f"{user.username}\t{user.name}\t{user.position}")
            return 0
        now = EpochMillis(time.time_ns() // 1_000_000)
        sign_in = SignIn(store, settings, lambda: now)
        if arguments.action == "add":
            hashed = sign_in.password_hash(_password(catalogue), arguments.username, arguments.name)
            user = add_user(
                store, UserId(new_id()), arguments.username, arguments.name, arguments.position, hashed, now,
                is_admin=arguments.admin,
            )  # fmt: skip
            role = "administrator" if arguments.admin else ""
            record_command(store, now, Action.ADMINISTER, "user_added", user=user.id, role=role)
            print(catalogue("service.user.added", username=user.username))
            return 0
        found = store.users.by_username(arguments.username)
        if found is None:
            raise Refusal("user_not_found")
        if arguments.action == "drop-factor":
            # Whoever lost the telephone and the codes signs in by the password alone again.
            store.second_factors.delete(found.id)
            record_command(store, now, Action.ADMINISTER, "user_factor_dropped", user=found.id)
            print(catalogue("service.user.factor_dropped", username=found.username))
            return 0
        if arguments.action == "link":
            if not settings.oidc_issuer:
                raise Refusal("oidc_settings_bad")
            who = Identity(settings.oidc_issuer, arguments.subject[:MAX_SUBJECT], found.id, now)
            if not store.identities.add(who):
                raise Refusal("oidc_link_taken")
            record_command(store, now, Action.ADMINISTER, "user_linked", user=found.id)
            print(catalogue("service.user.linked", username=found.username))
            return 0
        if arguments.action == "unlink":
            store.identities.delete_for(found.id)
            store.sessions.delete_for_user(found.id)
            record_command(store, now, Action.ADMINISTER, "user_unlinked", user=found.id)
            print(catalogue("service.user.unlinked", username=found.username))
            return 0
        hashed = sign_in.password_hash(_password(catalogue), found.username, found.name)
        store.users.update(replace(found, password_hash=hashed))
        # Whoever knew the old password must not stay signed in.
        store.sessions.delete_for_user(found.id)
        record_command(store, now, Action.ADMINISTER, "user_password", user=found.id)
        print(catalogue("service.user.changed", username=found.username))
        return 0
    finally:
        store.close()
