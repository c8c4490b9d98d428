// Draws the timelines of a report. Runs in the browser, inlined after uPlot; its data is the embedded record.
(() => {
  const readJson = (id) => JSON.parse(document.getElementById(id).textContent);
  const record = readJson("run-record");
  const order = readJson("run-order");
  const drawn = new Map();

  const colorOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const lengthOf = (name) => Number.parseFloat(colorOf(name));

  function formatNumber(value) {
    const size = Math.abs(value);
    if (size >= 10 || Number.isInteger(value)) return Math.round(value).toLocaleString("en-US");
    return value.toFixed(size >= 1 ? 1 : 2);
  }

  function formatValue(value, unit) {
    if (value === null || value === undefined) return "no data";
    return unit === "1/s" ? `${formatNumber(value)}/s` : `${formatNumber(value)} ${unit}`;
  }

  /** Shades the fault windows behind the lines. */
  function drawFaults(plot, faults, spanMs) {
    const { ctx, bbox } = plot;
    ctx.save();
    for (const { injectedAtMs, healedAtMs } of faults) {
      const from = plot.valToPos(injectedAtMs / 1000, "x", true);
      const to = plot.valToPos((healedAtMs ?? spanMs) / 1000, "x", true);
      ctx.fillStyle = colorOf("--fault-band");
      ctx.fillRect(from, bbox.top, Math.max(1, to - from), bbox.height);
      ctx.fillStyle = colorOf("--fault");
      ctx.fillRect(from, bbox.top, devicePixelRatio, bbox.height);
    }
    ctx.restore();
  }

  const LABEL_HEIGHT_PX = 14;

  /** Where the thresholds in view lie, top down; of those too close to be labeled apart the top one names all. */
  function placedThresholds({ bbox, valToPos }, thresholds) {
    const placed = thresholds
      .map(({ value, label }) => ({ y: Math.round(valToPos(value, "left", true)), label }))
      .filter(({ y }) => y >= bbox.top && y <= bbox.top + bbox.height)
      .sort((a, b) => a.y - b.y);
    let named;
    for (const threshold of placed) {
      if (named !== undefined && threshold.y - named.y < LABEL_HEIGHT_PX * devicePixelRatio) {
        named.label = `${threshold.label}, ${named.label}`;
        threshold.label = "";
      } else named = threshold;
    }
    return placed;
  }

  /** Draws the lines at which triggers compare, where they are in view. */
  function drawThresholds(plot, thresholds) {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.fillStyle = colorOf("--threshold");
    ctx.lineJoin = "round";
    ctx.font = `${11 * devicePixelRatio}px ${colorOf("--sans")}`;
    ctx.textAlign = "left";
    ctx.textBaseline = "bottom";
    for (const { y, label } of placedThresholds(plot, thresholds)) {
      ctx.setLineDash([2 * devicePixelRatio, 4 * devicePixelRatio]);
      ctx.strokeStyle = colorOf("--threshold");
      ctx.lineWidth = devicePixelRatio;
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      if (label === "") continue;
      // A halo keeps the label readable where a line runs behind it.
      ctx.setLineDash([]);
      ctx.strokeStyle = colorOf("--card");
      ctx.lineWidth = 4 * devicePixelRatio;
      ctx.strokeText(label, bbox.left + 5 * devicePixelRatio, y - 2 * devicePixelRatio);
      ctx.fillText(label, bbox.left + 5 * devicePixelRatio, y - 2 * devicePixelRatio);
    }
    ctx.restore();
  }

  /** The least that a scale spans, so that noise close to zero looks as small as it is. */
  const LEAST = { ms: 20, s: 1, "%": 5, "1/s": 1 };

  const rangeOf = (unit) => (_plot, _min, max) => {
    if (unit === "%" && max > 20) return [0, Math.max(100, max * 1.05)];
    return [0, Math.max(LEAST[unit], (max ?? 0) * 1.08)];
  };
  /** The topmost tick carries the unit of its scale; the others need none. */
  const tickText = (unit) => (_plot, ticks) => {
    const top = ticks.findLastIndex((tick) => tick !== null);
    const suffixOf = (index) => (index !== top ? "" : unit === "1/s" ? "/s" : ` ${unit}`);
    return ticks.map((tick, index) => (tick === null ? "" : tick.toLocaleString("en-US") + suffixOf(index)));
  };

  function axesOf(chart, isLast) {
    const shared = {
      stroke: colorOf("--muted"),
      font: `11px ${colorOf("--sans")}`,
      grid: { stroke: colorOf("--grid"), width: 1 },
      ticks: { show: false },
    };
    const times = {
      ...shared,
      size: isLast ? 24 : 4,
      gap: 4,
      space: 64,
      values: (_plot, ticks) => ticks.map((tick) => (isLast ? `${tick} s` : "")),
    };
    const left = { ...shared, scale: "left", size: lengthOf("--gutter-left"), space: 32, gap: 6, values: tickText(chart.dataset.leftUnit) };
    const right = { ...left, scale: "right", side: 1, size: lengthOf("--gutter-right"), grid: { show: false }, values: tickText(chart.dataset.rightUnit) };
    return chart.dataset.rightUnit === "" ? [times, left] : [times, left, right];
  }

  function createChart(timeline, chart, isLast) {
    const scenario = record.scenarios[order[Number(timeline.dataset.scenario)]];
    const spanMs = Number(timeline.dataset.spanMs);
    const { atMs, columns } = scenario.samples;
    const keys = [...chart.querySelectorAll(".key")];
    const thresholds = JSON.parse(chart.dataset.thresholds);
    const hasRight = chart.dataset.rightUnit !== "";
    const holder = chart.querySelector(".plot");
    const series = keys.map(({ dataset }) => ({
      scale: dataset.scale,
      stroke: colorOf(dataset.color),
      width: Number(dataset.width),
      dash: dataset.scale === "right" ? [5, 4] : undefined,
      show: true,
      points: { show: false },
    }));
    const options = {
      width: holder.clientWidth,
      height: Number(chart.dataset.height) + (isLast ? 20 : 0),
      padding: [8, hasRight ? 0 : lengthOf("--gutter-right"), 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false, setScale: false },
        sync: { key: `scenario-${timeline.dataset.scenario}`, setSeries: false },
        points: { size: 7, width: 0, fill: (plot, index) => plot.series[index].stroke(plot, index) },
      },
      scales: {
        x: { time: false, range: [0, spanMs / 1000] },
        left: { range: rangeOf(chart.dataset.leftUnit) },
        ...(hasRight ? { right: { range: rangeOf(chart.dataset.rightUnit) } } : {}),
      },
      axes: axesOf(chart, isLast),
      series: [{}, ...series],
      hooks: {
        drawClear: [(plot) => drawFaults(plot, scenario.faults, spanMs)],
        draw: [(plot) => drawThresholds(plot, thresholds)],
        setCursor: [(plot) => showValues(timeline, chart, plot)],
      },
    };
    const values = keys.map(({ dataset }) => columns[Number(dataset.column)].values);
    const plot = new uPlot(options, [atMs.map((time) => time / 1000), ...values], holder);
    for (const [index, key] of keys.entries()) {
      plot.setSeries(index + 1, { show: key.getAttribute("aria-pressed") === "true" });
    }
    return plot;
  }

  /** Writes the values under the cursor into the legend and, once for a timeline, moment and states above. */
  function showValues(timeline, chart, plot) {
    const scenario = record.scenarios[order[Number(timeline.dataset.scenario)]];
    const index = plot.cursor.idx;
    const has = index !== null && index !== undefined && plot.cursor.left >= 0;
    for (const key of chart.querySelectorAll(".key")) {
      const { unit, values } = scenario.samples.columns[Number(key.dataset.column)];
      const output = key.querySelector(".key-value");
      output.textContent = has ? formatValue(values[index], unit) : output.dataset.rest;
    }
    if (chart !== timeline.querySelector(".chart")) return;
    timeline.toggleAttribute("data-cursor", has);
    const atMs = scenario.samples.atMs[index] ?? 0;
    timeline.style.setProperty("--at", atMs / Number(timeline.dataset.spanMs));
    showStates(timeline, scenario, has ? atMs : null);
  }

  function showStates(timeline, scenario, atMs) {
    for (const lane of timeline.querySelectorAll("[data-trigger]")) {
      const note = lane.querySelector(".lane-note");
      const { history } = scenario.triggers[Number(lane.dataset.trigger)];
      const now = atMs === null ? undefined : history.findLast((change) => change.atMs <= atMs);
      note.textContent = now === undefined ? note.dataset.rest : now.state.replace("-", " ");
    }
    const readout = timeline.querySelector(".readout");
    readout.classList.toggle("idle", atMs === null);
    if (atMs === null) {
      readout.textContent = readout.dataset.rest;
      return;
    }
    const phase = scenario.phases.find(({ startMs, endMs }) => atMs >= startMs && atMs < endMs);
    const isActive = (fault) => atMs >= fault.injectedAtMs && atMs < (fault.healedAtMs ?? Infinity);
    const labels = scenario.faults.filter(isActive).map(({ label }) => label);
    const parts = [`${(atMs / 1000).toFixed(2)} s`, phase?.name.replace("-", " "), ...labels];
    readout.textContent = parts.filter((part) => part !== undefined).join(" · ");
  }

  function drawTimeline(timeline) {
    if (drawn.has(timeline)) return;
    const charts = [...timeline.querySelectorAll(".chart")];
    const plots = charts.map((chart, index) => createChart(timeline, chart, index === charts.length - 1));
    drawn.set(timeline, plots);
    timeline.dataset.drawn = "";
  }

  function redrawAll() {
    for (const [timeline, plots] of [...drawn]) {
      for (const plot of plots) plot.destroy();
      drawn.delete(timeline);
      drawTimeline(timeline);
    }
  }

  /** Moves the cursor of one chart and, as its last argument asks, of those that share its timeline. */
  const setCursor = (plot, left) => plot.setCursor({ left, top: left < 0 ? left : 0 }, true, true);
  const NOWHERE = -10;

  function moveCursor(plot, index) {
    const last = plot.data[0].length - 1;
    const target = Math.min(last, Math.max(0, index));
    setCursor(plot, plot.valToPos(plot.data[0][target], "x"));
  }

  function onKey(event) {
    const [plot] = drawn.get(event.currentTarget) ?? [];
    if (plot === undefined || event.target !== event.currentTarget) return;
    const now = plot.cursor.idx ?? -1;
    const step = event.shiftKey ? 10 : 1;
    const last = plot.data[0].length - 1;
    const target = { ArrowLeft: now - step, ArrowRight: now + step, Home: 0, End: last }[event.key];
    if (target !== undefined) moveCursor(plot, target);
    else if (event.key === "Escape") setCursor(plot, NOWHERE);
    else return;
    event.preventDefault();
  }

  /** Pointing at a lane moves the charts' cursor too. */
  function onLane(timeline, event) {
    const [plot] = drawn.get(timeline) ?? [];
    if (plot === undefined) return;
    const { left } = plot.over.getBoundingClientRect();
    setCursor(plot, event.type === "pointerleave" ? NOWHERE : event.clientX - left);
  }

  function onToggle(event) {
    const key = event.target.closest(".key");
    if (key === null) return;
    const isShown = key.getAttribute("aria-pressed") !== "true";
    key.setAttribute("aria-pressed", String(isShown));
    const chart = key.closest(".chart");
    const timeline = key.closest(".timeline");
    const plot = drawn.get(timeline)?.[[...timeline.querySelectorAll(".chart")].indexOf(chart)];
    plot?.setSeries([...chart.querySelectorAll(".key")].indexOf(key) + 1, { show: isShown });
  }

  const nearView = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        nearView.unobserve(target);
        drawTimeline(target);
      }
    },
    { rootMargin: "600px" },
  );
  const sized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      for (const plot of drawn.get(target) ?? []) {
        const width = plot.root.parentElement.clientWidth;
        if (width > 0 && width !== plot.width) plot.setSize({ width, height: plot.height });
      }
    }
  });
  for (const timeline of document.querySelectorAll(".timeline")) {
    nearView.observe(timeline);
    sized.observe(timeline);
    timeline.addEventListener("keydown", onKey);
    timeline.addEventListener("click", onToggle);
    const lanes = timeline.querySelector(".lanes");
    lanes.addEventListener("pointermove", (event) => onLane(timeline, event));
    lanes.addEventListener("pointerleave", (event) => onLane(timeline, event));
  }
  addEventListener("draw-timeline", ({ target }) => drawTimeline(target));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);
  // Gutters, and so axes, are narrower on a phone.
  matchMedia("(max-width: 760px)").addEventListener("change", redrawAll);
  // Paper is white: draw everything that is open in the light palette.
  addEventListener("beforeprint", () => {
    document.documentElement.dataset.print = "";
    for (const timeline of document.querySelectorAll(".scenario[open] .timeline")) drawTimeline(timeline);
    redrawAll();
  });
  addEventListener("afterprint", () => {
    delete document.documentElement.dataset.print;
    redrawAll();
  });
})();
