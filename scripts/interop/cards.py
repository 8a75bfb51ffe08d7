"""
Cards as the Hub's own library reads them: texts by name from standard input as JSON, front matter by name to standard output. Scalars are
the texts that stand there: whether `no` is Norwegian or a truth value, and `1e3` a number, is for the reader of each key to say.
"""
import json
import sys

import yaml
from huggingface_hub import repocard
from huggingface_hub.repocard_data import CardData


class Texts(yaml.SafeLoader):
    """PyYAML's safe loader, which resolves nothing but merge keys and nulls."""


KEPT = ("tag:yaml.org,2002:merge", "tag:yaml.org,2002:null")
Texts.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag in KEPT] for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def metadata(text):
    """The mapping that `RepoCard.content` takes for the metadata; nothing where it finds none or refuses."""
    found = []

    class Seen(repocard.RepoCard):
        card_data_class = type("Any", (CardData,), {"__init__": lambda self, ignore_metadata_errors=False, **given: found.append(given)})

    try:
        Seen(text)
    except Exception:  # whatever the library raises: it does not read the card
        return None
    return found[0] if found and found[0] else None


def read(text):
    if metadata(text) is None:
        return None
    load, yaml.safe_load = yaml.safe_load, lambda stream: yaml.load(stream, Texts)
    try:
        return metadata(text)
    finally:
        yaml.safe_load = load


json.dump({name: read(text) for name, text in json.load(sys.stdin).items()}, sys.stdout)
