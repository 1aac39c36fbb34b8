"""Starts and ends every node the same way, so that no exit skips the node's own clean-up.

rclpy's own signal handlers shut the context down before a node could publish its last message (a zero speed), so they
stay off: a signal only asks the loop to end, and the context outlives the node. The death of the launcher does the same:
`ros2 launch` dies of SIGTERM and leaves its nodes, and unsupervised nodes must not continue to move a robot.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import ExitStack, suppress

import rclpy
from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.executors import SingleThreadedExecutor
from rclpy.impl.rcutils_logger import RcutilsLogger
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions

from physio_core.errors import ConfigError, PhysioError
from physio_nodes.params import warn_of_unknown
from physio_nodes.shared_memory import sweep
from physio_nodes.sim_time import wait_for_clock
from physio_nodes.start import STARTED_BY, on_end
from physio_nodes.surroundings import end_stock_launch, own_domain, provide_log_folder

REFUSED = 2
POLL_S = 0.05
JOIN_S = 5.0

STEADY = Clock(clock_type=ClockType.STEADY_TIME)
"""The clock of every age and time-out: it neither jumps nor follows simulated time."""


def run(make_node: Callable[[], Node], arguments: Sequence[str] | None = None) -> int:
    """Spin one node; see :func:`run_all`."""
    return run_all(lambda: (make() for make in (make_node,)), arguments)


def run_all(make_nodes: Callable[[], Iterable[Node]], arguments: Sequence[str] | None = None, apart: Collection[str] = ()) -> int:
    """Spin nodes until a signal to end, the death of its launcher, or an error; then close them.

    Args:
        make_nodes: builds one node after the other; those with a ``close()`` method have it called before any is destroyed.
        arguments: command line; the process's own by default.
        apart: names of nodes that share a second thread, so that what the others do never holds them up.

    Returns:
        Exit code: 0 when ended from outside; 2 when a node refuses its settings or surroundings (a launcher must not start it
        again); 1 when it cannot continue for another reason. One line of the log says why.
    """
    stopping: list[int] = []
    on_end(lambda received, _frame: stopping.append(received))
    provide_log_folder()
    sweep()
    try:
        own_domain()
        rclpy.init(args=arguments, signal_handler_options=SignalHandlerOptions.NO)
    except (RuntimeError, ConfigError) as error:  # arguments that ROS cannot read: names, parameter files
        print(f"[FATAL] [physio]: {str(error).split(', at /')[0]}", file=sys.stderr)
        return _refused()
    executor, second = SingleThreadedExecutor(), _SecondThread()
    nodes: list[Node] = []
    ready = False
    try:
        for node in make_nodes():
            nodes.append(node)
            wait_for_clock(node, lambda: not stopping and rclpy.ok() and os.getppid() == STARTED_BY)
            (second.executor if node.get_name() in apart else executor).add_node(node)
            if stopping:
                break
        ready = True
        if len(nodes) == 1:  # nodes of one process are given each other's settings
            warn_of_unknown(nodes[0])
        _settle()
        second.start()
        while not stopping and rclpy.ok():
            executor.spin_once(timeout_sec=POLL_S)
            second.check()
            if os.getppid() != STARTED_BY:
                _logger(nodes).warning("the launcher of this node has ended; ending too")
                break
    except PhysioError as error:
        _logger(nodes if ready else ()).fatal(str(error))
        return _refused() if not ready or isinstance(error, ConfigError) else 1
    finally:
        second.end()
        try:
            _close(nodes)
        finally:
            executor.shutdown()
            rclpy.try_shutdown()
            on_end(signal.SIG_IGN)  # a second signal must not kill an interpreter that is already ending
    return 0


class _SecondThread:
    """Spins some nodes beside the main thread; without nodes there is no thread."""

    def __init__(self) -> None:
        self.executor = SingleThreadedExecutor()
        self._thread = threading.Thread(target=self._spin, name="second", daemon=True)
        self._ending = threading.Event()
        self._error: Exception | None = None

    def start(self) -> None:
        if self.executor.get_nodes():
            self._thread.start()

    def check(self) -> None:
        """Raise here what a node of the other thread raised."""
        if self._error is not None:
            raise self._error

    def end(self) -> None:
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(JOIN_S)
        self.executor.shutdown()

    def _spin(self) -> None:
        try:
            while not self._ending.is_set() and rclpy.ok():
                self.executor.spin_once(timeout_sec=POLL_S)
        except Exception as error:  # whatever it is, the main thread ends the process by it
            self._error = error


def _settle() -> None:
    """Leave all that has been loaded out of garbage collection: to look it through takes as long as an image may.

    What loading needed for a while goes back to the system, 5 to 10 MB of each process; only glibc keeps it, and can do that.
    """
    gc.collect()
    gc.freeze()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _close(nodes: Sequence[Node]) -> None:
    """Close all, then destroy all: what one hands to another must find it; the failure of one leaves no other open."""
    with ExitStack() as each:
        for node in nodes:
            each.callback(node.destroy_node)
        for node in reversed(nodes):  # called in the order of making: who hands images over ends first
            each.callback(getattr(node, "close", lambda: None))


def _logger(nodes: Sequence[Node]) -> RcutilsLogger:
    return nodes[0].get_logger() if len(nodes) == 1 else rclpy.logging.get_logger("physio")


def _refused() -> int:
    end_stock_launch()
    return REFUSED


def main_of(make_node: Callable[[], Node]) -> Callable[[], None]:
    """The console entry point of a node."""

    def main() -> None:
        sys.exit(run(make_node))

    return main
