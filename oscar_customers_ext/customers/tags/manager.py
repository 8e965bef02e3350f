from taggit.managers import _TaggableManager

from .models import CustomerTag
from .spelling import tag_key, tag_name


def get_or_create_tags(names):
    """The tags of these names, in their order and each once; what is new is made. Safe under concurrency.

    Raises ValidationError with a sentence for what cannot be a tag.
    """
    names = [tag_name(name) for name in names]
    wanted = {}
    for name in names:
        wanted.setdefault(tag_key(name), name)
    found = {tag.key: tag for tag in CustomerTag.objects.filter(key__in=wanted)}
    # In the order of the keys, so that two who make the same tags never wait for each other.
    for key in sorted(wanted.keys() - found.keys()):
        found[key], _is_new = CustomerTag.objects.get_or_create(key=key, defaults={"name": wanted[key]})
    return [found[key] for key in wanted]


class CustomerTagManager(_TaggableManager):
    """taggit's, but a spelling finds its tag: taggit compares names."""

    def _to_tag_model_instances(self, tags, tag_kwargs):
        named = [tag for tag in tags if isinstance(tag, str)]
        by_key = {tag.key: tag for tag in get_or_create_tags(named)} if named else {}
        return list(dict.fromkeys(by_key[tag_key(tag)] if isinstance(tag, str) else tag for tag in tags))

    def remove(self, *tags):
        names = [str(tag) for tag in tags]
        super().remove(*CustomerTag.objects.of_names(names).values_list("name", flat=True))
