"""`duthao user add|list|password|drop-factor`: people of this installation, straight in its store."""

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
from duthao.messages import Catalogue
from duthao.service.audit import record_command
from duthao.service.people import add_user
from duthao.service.sessions import SignIn
from duthao.settings import read_settings
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
            hashed = sign_in.password_hash(_password(catalogue))
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
        store.users.update(replace(found, password_hash=sign_in.password_hash(_password(catalogue))))
        # Whoever knew the old password must not stay signed in.
        store.sessions.delete_for_user(found.id)
        record_command(store, now, Action.ADMINISTER, "user_password", user=found.id)
        print(catalogue("service.user.changed", username=found.username))
        return 0
    finally:
        store.close()
