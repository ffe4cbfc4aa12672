"""A network's ONNX graph with its weights in 8 bits, and what goes into each multiplication too, token by token.

The usual dynamic quantisation takes one step size for all tokens of a text. In these encoders the first token reaches
thirty times as far as any other, and little would be left of the rest. Here each token has a step of its own (LLM.int8,
Dettmers et al. 2022, has it so), in standard operators, and each channel of the weights too.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

#: Seven of the eight bits hold a weight: on processors without VNNI the sums of eight would overflow, and the model has
#: to score alike on every school's computer.
_WEIGHT_REACH, _TOKEN_REACH = 63, 127
_MIDDLE = 128
_LEAST = 1e-8


def quantised(model: Any, *, step: int = 1) -> Any:
    """Return the graph with every constant matrix in 8 bits; `step` is the least difference between two weights."""
    graph = model.graph
    matrices = {
        one.name: numpy_helper.to_array(one)
        for one in graph.initializer
        if len(one.dims) == 2 and one.data_type == onnx.TensorProto.FLOAT
    }
    made, constants, numbers = [], _shared(), count()
    replaced: set[str] = set()
    for node in graph.node:
        where = {"MatMul": 1, "Gather": 0}.get(node.op_type)
        name = node.input[where] if where is not None else ""
        if name not in matrices:
            made.append(node)
            continue
        part = f"q{next(numbers)}"
        rewrite = _multiplied if node.op_type == "MatMul" else _looked_up
        nodes, held = rewrite(node, matrices[name], part, step)
        made += nodes
        constants += held
        replaced.add(name)
    kept = [one for one in graph.initializer if one.name not in replaced]
    small = helper.make_graph(made, graph.name, graph.input, graph.output, [*kept, *constants])
    return helper.make_model(small, opset_imports=model.opset_import, ir_version=model.ir_version)


def _shared() -> list[Any]:
    return [
        numpy_helper.from_array(np.array(_TOKEN_REACH, np.float32), "token_reach"),
        numpy_helper.from_array(np.array(_LEAST, np.float32), "least_step"),
        numpy_helper.from_array(np.array(_MIDDLE, np.float32), "middle"),
        numpy_helper.from_array(np.array(_MIDDLE, np.uint8), "middle_as_byte"),
    ]


def _whole(values: NDArray[np.float32], axis: int, step: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Whole numbers and the step size of each channel, which runs along `axis`."""
    reach = np.abs(values).max(axis=axis, keepdims=True).clip(min=_LEAST) / _WEIGHT_REACH
    found = np.round(values / reach / step) * step
    return found.clip(-_WEIGHT_REACH, _WEIGHT_REACH).astype(np.int8), reach.astype(np.float32)


def _multiplied(node: Any, weights: NDArray[np.float32], part: str, step: int) -> tuple[list[Any], list[Any]]:
    """A multiplication by constant weights (into by out): in whole numbers, and back again."""
    whole, reach = _whole(weights, 0, step)
    names = (f"{part}_{one}" for one in _counted())

    def add(kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        output = output or next(names)
        nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    nodes: list[Any] = []
    states = node.input[0]
    most = add("ReduceMax", add("Abs", states), axes=[-1], keepdims=1)
    size = add("Max", add("Div", most, "token_reach"), "least_step")
    steps = add("Add", add("Round", add("Div", states, size)), "middle")
    as_bytes = add("Cast", steps, to=onnx.TensorProto.UINT8)
    summed = add("MatMulInteger", as_bytes, f"{part}_weights", "middle_as_byte")
    found = add("Mul", add("Cast", summed, to=onnx.TensorProto.FLOAT), size)
    add("Mul", found, f"{part}_reach", output=node.output[0])
    held = [
        numpy_helper.from_array(whole, f"{part}_weights"),
        numpy_helper.from_array(reach.reshape(-1), f"{part}_reach"),
    ]
    return nodes, held


def _looked_up(node: Any, table: NDArray[np.float32], part: str, step: int) -> tuple[list[Any], list[Any]]:
    """A table that rows are taken from: the rows in whole numbers, each with its step size."""
    whole, reach = _whole(table, 1, step)
    places, output = node.input[1], node.output[0]
    nodes = [
        helper.make_node("Gather", [f"{part}_table", places], [f"{part}_rows"], axis=0),
        helper.make_node("Cast", [f"{part}_rows"], [f"{part}_plain"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Gather", [f"{part}_reach", places], [f"{part}_steps"], axis=0),
        helper.make_node("Mul", [f"{part}_plain", f"{part}_steps"], [output]),
    ]
    held = [numpy_helper.from_array(whole, f"{part}_table"), numpy_helper.from_array(reach, f"{part}_reach")]
    return nodes, held


def _counted() -> Iterator[int]:
    return count()
