"""Experts: how many a layer has, how wide they are, and which layers have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headworks.throughput.hugging_face.file import Keys

ROUTED = ("n_routed_experts", "num_local_experts", "num_experts", "moe_num_experts")
ACTIVE = ("num_experts_per_tok", "experts_per_token", "moe_topk", "moe_k")
SHARED = (
    "n_shared_experts", "num_shared_experts", "num_shared_expert", "moe_num_shared_experts",
)  # fmt: skip
SHARED_WIDTH = (
    "shared_expert_intermediate_size", "moe_shared_expert_intermediate_size",
    "shared_intermediate_size",
)  # fmt: skip
DENSE_FIRST = (
    "first_k_dense_replace", "num_dense_layers", "moe_layer_start_index", "moe_layer_num_skipped",
)  # fmt: skip
EVERY = ("decoder_sparse_step", "interleave_moe_layer_step", "moe_layer_interval")
READ = frozenset({
    *ROUTED, *ACTIVE, *SHARED, *SHARED_WIDTH, *DENSE_FIRST, *EVERY,
    "mlp_only_layers", "moe_intermediate_size", "moe_layer_end_index", "moe_layer_freq",
    "moe_layers", "use_mixed_mlp_moe",
})  # fmt: skip
"""Keys of a model of experts that are read, though not all of them in each file."""
FEED_FORWARDS = {"dense", "sparse"}
"""Kinds of feed-forward blocks that a list of them by layer names."""
ABOUT = ("expert", "moe")
"""Parts of the names of keys that are about experts."""
SHAPELESS_WORDS = frozenset({
    "activation", "aux", "bias", "capacity", "dispatch", "drop", "dropout", "func", "gate", "group",
    "groups", "implementation", "loss", "norm", "renormalize", "router", "routing", "scaling",
})  # fmt: skip
"""Words in the names of keys that say how tokens are routed or trained, and nothing of the shape:
a bias or a norm of a router is less than a thousandth of any model."""
SHAPELESS = frozenset({"moe_use_aux_free", "shared_moe_mode"})
"""Such keys without such a word."""
ALSO_DENSE = frozenset({"moe_intermediate_size", "moe_layer_freq"})
"""Keys that files of dense models carry along, as defaults of a class that has experts, too."""
UNREAD = "the key is about experts, and nothing is known to read it by"
REMEDY = "leave it out if it does not change the shape, or give the model as a ModelCard in Python"


def experts(keys: Keys, layers: int) -> dict[str, Any] | None:
    """Return the fields of a card about experts, or None for a dense model."""
    routed = keys.count_or_none(*ROUTED)
    if routed is None or routed > 1:
        _refuse_unread(keys, ALSO_DENSE if routed is None else READ)
    if routed in {None, 0, 1}:
        return None
    width = keys.count("moe_intermediate_size", "intermediate_size")
    shared, shared_width = _shared(keys)
    return {
        "routed": routed,
        "active": keys.count(*ACTIVE),
        "nodes_max": _nodes_max(keys),
        "shared": shared,
        "width": width,
        "shared_width": (shared_width or width) if shared else 0,
        "dense_layers": layers - _expert_layers(keys, layers),
    }


def _refuse_unread(keys: Keys, read: frozenset[str]) -> None:
    """Add a fault for each key about experts that is none of those that are read."""
    for key, value in keys.tree.items():
        about = any(part in key.lower() for part in ABOUT)
        plain = key in SHAPELESS or SHAPELESS_WORDS & set(key.lower().split("_"))
        if about and value and not plain and key not in read:
            keys.fault(key, UNREAD, REMEDY)


def _shared(keys: Keys) -> tuple[int, int]:
    """Return the shared experts, and the width of one where it has one of its own."""
    width = keys.count_or_none(*SHARED_WIDTH) or 0
    shared = keys.count_or_none(*SHARED)
    if keys.text("model_type").startswith("llama4"):  # always one, and no key says so
        shared = 1
    if not keys.flag("use_mixed_mlp_moe", otherwise=True):  # Hunyuan's word for shared experts
        shared = 0
    return (int(width > 0) if shared is None else shared), width


def _nodes_max(keys: Keys) -> int | None:
    most, groups = keys.count_or_none("topk_group"), keys.count_or_none("n_group")
    return most if (groups or 1) != 1 else None


def _expert_layers(keys: Keys, layers: int) -> int:
    """Return how many layers have experts: from a first one on, every so many, but for some."""
    if kinds := keys.by_layer(str, "mlp_layer_types", layers):
        if other := sorted(set(kinds) - FEED_FORWARDS):
            keys.fault("mlp_layer_types", f"the layers can be dense or sparse, not {other[0]}")
        return sum(kind == "sparse" for kind in kinds)
    if listed := keys.items(int, "moe_layers"):
        return len(listed)
    if isinstance(keys.get("moe_layer_freq"), list):
        return sum(bool(layer) for layer in keys.by_layer(int, "moe_layer_freq", layers))
    first = keys.count_or_none(*DENSE_FIRST) or 0
    last = layers - 1
    if keys.get("moe_layer_end_index") != -1:  # ERNIE's word for the last one
        found = keys.count_or_none("moe_layer_end_index")
        last = last if found is None else found
    step = keys.count_or_none("moe_layer_freq") or 1
    sparse = keys.count_or_none(*EVERY) or 1
    dense = keys.items(int, "mlp_only_layers")
    return sum(
        first <= layer <= last
        and layer % step == 0
        and (layer + 1) % sparse == 0
        and layer not in dense
        for layer in range(layers)
    )
