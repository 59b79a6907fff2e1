"""The same training on several replicas and in two processes: the losses are those of one."""

import json
import os
import socket
import subprocess
import sys

import pytest

TRAIN = """
import labutils, json, sys
import tensorflow as tf

kind = sys.argv[1]
if kind == "two replicas":
    processor = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * 2)
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
elif kind == "two processes":
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
else:
    strategy = tf.distribute.get_strategy()
from labutils import distributed, sources, training

digits = sources.load("builtin", quiet=True)

class Few:
    def arrays(self, split):
        return tuple(part[:1000] for part in digits.arrays(split))

if kind == "fit":
    model, history = training.train_default(Few(), epochs=2)
else:
    model, history = distributed.train_distributed(Few(), strategy, epochs=2)
print(json.dumps([strategy.num_replicas_in_sync, history["loss"], history["val_loss"], int(model.count_params())]))
"""


def start(kind, data_dir, **environment):
    return subprocess.Popen(
        [sys.executable, "-c", TRAIN, kind],
        env={**os.environ, "TFDS_DATA_DIR": str(data_dir), "CUDA_VISIBLE_DEVICES": "-1", **environment},
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def result(process):
    try:
        output, _ = process.communicate(timeout=300)
    finally:
        process.kill()
    assert process.returncode == 0
    return json.loads(output.splitlines()[-1])


@pytest.fixture(scope="module")
def alone(builtin_data_dir):
    """Losses of the lab's own training, in one process by Keras' fit."""
    return result(start("fit", builtin_data_dir))


def assert_same_losses(found, alone, replicas):
    assert found[0] == replicas
    assert found[1] == pytest.approx(alone[1], rel=0.01)
    assert found[2] == pytest.approx(alone[2], rel=0.01)


def test_two_replicas_in_one_process(alone, builtin_data_dir):
    assert_same_losses(result(start("two replicas", builtin_data_dir)), alone, replicas=2)


def test_two_processes(alone, builtin_data_dir):
    workers = [f"127.0.0.1:{port}" for port in free_ports(2)]
    configurations = [
        {"cluster": {"worker": workers}, "task": {"type": "worker", "index": index}} for index in range(2)
    ]
    processes = [start("two processes", builtin_data_dir, TF_CONFIG=json.dumps(each)) for each in configurations]
    try:
        first, second = map(result, processes)
    finally:
        for process in processes:
            process.kill()
    assert first == second
    assert_same_losses(first, alone, replicas=2)


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
