"""The process's numbers for Prometheus, at an address of their own: never at the public one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from duthao.collab.meter import SECONDS, Durations, Meter
from duthao.domain.errors import Refusal


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number of the moment; `value` is asked whenever somebody looks, from another thread."""

    name: str
    help: str
    value: Callable[[], float]


def _histogram(name: str, text: str, taken: Durations) -> Metric:
    buckets: list[tuple[str, float]] = []
    so_far = 0
    for bound, count in zip((*map(str, SECONDS), "+Inf"), tuple(taken.counts), strict=True):
        so_far += count
        buckets.append((bound, so_far))
    return HistogramMetricFamily(name, text, buckets=buckets, sum_value=taken.total)


def _by_code(name: str, text: str, counts: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(name, text, labels=["code"])
    for code, count in list(counts.items()):
        family.add_metric([code], count)
    return family


class _Numbers(Collector):
    def __init__(self, meter: Meter, gauges: Iterable[Gauge]) -> None:
        self._meter, self._gauges = meter, tuple(gauges)

    def collect(self) -> Iterable[Metric]:
        meter = self._meter
        yield _histogram(
            "duthao_fan_out_seconds", "From the first update of a turn until the others' sockets had it.",
            meter.fan_out,
        )  # fmt: skip
        yield _histogram("duthao_commit_seconds", "Commits of the journal.", meter.commits)
        for name, text, value in (
            ("updates", "Updates offered by people.", meter.updates),
            ("journal_rows", "Rows this process has added to the journal.", meter.journal_rows),
            ("journal_bytes", "Bytes of these rows.", meter.journal_bytes),
            ("rows_read", "Rows of other processes that were applied here.", meter.rows_read),
        ):
            yield CounterMetricFamily(f"duthao_{name}", text, value=value)
        yield _by_code("duthao_refused", "Messages refused while the connection went on.", meter.refused)
        yield _by_code("duthao_closed", "Connections closed by the service, by close code.", meter.closed)
        for gauge in self._gauges:
            yield GaugeMetricFamily(f"duthao_{gauge.name}", gauge.help, value=gauge.value())


def registry(meter: Meter, gauges: Iterable[Gauge]) -> CollectorRegistry:
    """Everything that is shown."""
    found = CollectorRegistry()
    found.register(_Numbers(meter, gauges))
    ProcessCollector(registry=found)
    GCCollector(registry=found)
    return found


def serve_metrics(host: str, port: int, shown: CollectorRegistry) -> Callable[[], None]:
    """Answer `http://host:port/metrics` from a thread until the returned function is called.

    Raises Refusal address_in_use (`address`).
    """
    try:
        server, thread = start_http_server(port, addr=host, registry=shown)
    except OSError:
        raise Refusal("address_in_use", address=f"{host}:{port}") from None

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join(2)

    return stop
