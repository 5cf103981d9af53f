"""What the words of a `pulumi` command line say, read as the CLI's own libraries (cobra and pflag) read them."""

from __future__ import annotations

import os

NAMES = {"update": "up", "pre": "preview", "down": "destroy", "dn": "destroy", "create": "new", "setup": "new"}
BELOW = {
    "config": {
        "copy": "copy", "cp": "copy", "env": "env", "get": "get", "refresh": "refresh", "set": "set",
        "set-all": "set-all", "remove": "remove", "rm": "remove", "delete": "remove",
        "remove-all": "remove-all", "rm-all": "remove-all", "delete-all": "remove-all",
    },
    "config env": {
        "add": "add", "init": "init", "list": "list", "ls": "list", "remove": "remove", "rm": "remove",
        "delete": "remove",
    },
    "stack": {
        "change-secrets-provider": "change-secrets-provider", "history": "history", "hist": "history",
        "import": "import", "migrate": "migrate", "new": "new", "init": "new", "create": "new", "setup": "new",
        "remove": "remove", "rm": "remove", "delete": "remove", "rename": "rename", "select": "select",
        "drift": "drift", "export": "export", "get": "get", "graph": "graph", "list": "list", "ls": "list",
        "output": "output", "schedule": "schedule", "tag": "tag", "unselect": "unselect", "webhook": "webhook",
    },
    "state": {"move": "move", "mv": "move"},
    "logs": {
        "decrypt": "decrypt", "list": "list", "ls": "list", "remove": "remove", "rm": "remove",
        "delete": "remove", "share": "share",
    },
    "project": {"new": "new", "create": "new", "setup": "new"},
}  # fmt: skip
# Flags that take the next word as their value only with `=`. A flag that is not known takes one, as in cobra.
SWITCHES = {
    "all", "attach-debugger", "clear-pending-creates", "config-path", "continue-on-error", "copilot", "create",
    "debug", "diff", "disable-integrity-checking", "dry-run", "emoji", "exclude-dependents", "exclude-protected",
    "expect-no-changes", "follow", "force", "full-dates", "fully-qualify-stack-names", "generate-code",
    "generate-only", "help", "include-non-activated", "include-parents", "json", "keep-config", "list-templates",
    "logflow", "logtostderr", "neo", "neo-task-on-failure", "no-select", "non-interactive", "offline", "open",
    "path", "plaintext", "preserve-config", "preview-only", "protect", "raw", "refresh", "remote-config",
    "remote-stack-config", "remove", "remove-backups", "run-program", "secret", "show-config", "show-full-output",
    "show-ids", "show-name", "show-policy-remediations", "show-reads", "show-replacement-steps", "show-sames",
    "show-secrets", "show-urns", "skip-config-validation", "skip-pending-creates", "skip-plugin-pre-install",
    "skip-preview", "stateless", "strict", "summary", "suppress-outputs", "suppress-permalink", "suppress-progress",
    "target-dependents", "template-mode", "urns", "version", "yes",
}  # fmt: skip
SHORT = {"C": "cwd", "c": "config", "d": "debug", "f": "force", "h": "help", "s": "stack", "v": "verbose"}
SHORT_WITH_VALUE = set("Ccmpstvx")
# Where a command has its own way with a flag: True takes a value.
OWN = {
    ("config copy", "d"): True,
    ("config set-all", "json"): True,
    ("config set-all", "plaintext"): True,
    ("config set-all", "secret"): True,
    ("import", "f"): True,
    ("import", "o"): True,
    ("logs", "r"): True,
    ("new", "d"): True,
    ("new", "n"): True,
    ("new", "t"): False,
    ("project new", "d"): True,
    ("project new", "n"): True,
    ("project new", "t"): False,
    ("stack select", "c"): False,
    ("stack list", "o"): True,
    ("watch", "path"): True,
}
YES = {"true", "1", "t", "T", "TRUE", "True"}


class Words:
    """A command, its arguments and its options, wherever between them the options stand."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.command = ""
        self.arguments: list[str] = []
        self._options: dict[str, list[str]] = {}
        rest = list(words)
        while rest:
            word = rest.pop(0)
            if word == "--":
                self.arguments += rest
                break
            if word.startswith("--"):
                self._long(word[2:], rest)
            elif word.startswith("-") and word != "-":
                self._short(word[1:], rest)
            else:
                self._plain(word)

    def all(self, name: str) -> list[str]:
        """Every value that an option is given."""
        return self._options.get(name, [])

    def value(self, name: str) -> str:
        """An option's value: the last one given, else the one in the environment, as the CLI takes it."""
        variable = f"PULUMI_OPTION_{name.replace('-', '_').upper()}"
        return (self.all(name) or [os.environ.get(variable, "")])[-1]

    def on(self, name: str) -> bool:
        """Whether a switch is set."""
        return self.value(name) in YES

    def with_option(self, name: str, value: str) -> Words:
        """The same command line; this option counts, whatever it was before."""
        end = self.words.index("--") if "--" in self.words else len(self.words)
        return Words([*self.words[:end], f"--{name}={value}", *self.words[end:]])

    def _plain(self, word: str) -> None:
        if not self.command:
            self.command = NAMES.get(word, word)
        elif not self.arguments and word in BELOW.get(self.command, {}):
            self.command = f"{self.command} {BELOW[self.command][word]}"
        else:
            self.arguments.append(word)

    def _long(self, option: str, rest: list[str]) -> None:
        name, joined, value = option.partition("=")
        if not joined:
            takes = OWN.get((self.command, name), name not in SWITCHES)
            value = "true" if not takes else rest.pop(0) if rest else ""
        self._options.setdefault(name, []).append(value)

    def _short(self, letters: str, rest: list[str]) -> None:
        while letters:
            letter, letters = letters[0], letters[1:]
            takes = OWN.get((self.command, letter), letter in SHORT_WITH_VALUE)
            if letters.startswith("="):
                value, letters = letters[1:], ""
            elif not takes:
                value = "true"
            elif letters:
                value, letters = letters, ""
            else:
                value = rest.pop(0) if rest else ""
            name = "create" if (self.command, letter) == ("stack select", "c") else SHORT.get(letter, letter)
            self._options.setdefault(name, []).append(value)
