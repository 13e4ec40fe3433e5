// Compares the JavaScript twin with what NumPy exported (grid.py), in Node and in a page alike.

/**
 * @param {typeof import("../../src/posenc/js/encodings.js")} E
 * @param {any} grid
 */
export function check(E, grid) {
  let compared = 0;
  let worst = 0;
  /** @type {string[]} */
  const failures = [];

  /** @param {string} what @param {number} ours @param {number} theirs @param {number} scale */
  const near = (what, ours, theirs, scale = 1) => {
    compared++;
    const off = Math.abs(ours - theirs) / scale;
    if (off > worst) worst = off;
    // Written so that NaN fails too.
    if (!(off <= grid.tolerance) && failures.length < 10)
      failures.push(`${what}: ${ours}, NumPy has ${theirs}`);
  };
  /** @param {string} what @param {unknown} ours @param {unknown} theirs */
  const same = (what, ours, theirs) => {
    compared++;
    if (JSON.stringify(ours) !== JSON.stringify(theirs) && failures.length < 10)
      failures.push(`${what}: ${JSON.stringify(ours)}, NumPy has ${JSON.stringify(theirs)}`);
  };

  for (const [name, value] of Object.entries(grid.names)) same(name, E[name], value);

  for (const c of grid.cases) {
    const { spec, channels, positions } = c;
    const about = JSON.stringify(spec);
    const plan = E.plan(spec, channels);
    const cols = channels.length;
    channels.forEach((j, n) => {
      const [i, isCosine] = E.pairOf(j, spec.d, spec.layout);
      same(`pairOf(${j}) ${about}`, [i, isCosine], c.pairs[n]);
      same(`channelOf ${about}`, E.channelOf(i, isCosine, spec.d, spec.layout), j);
      near(`channelOmega(${j}) ${about}`, E.channelOmega(j, spec) / c.omegas[n], 1);
      near(`channelWavelength ${about}`, (E.channelWavelength(j, spec) * c.omegas[n]) / E.TURN, 1);
      const wave = E.column(positions, j, spec);
      positions.forEach((t, r) => {
        near(`value(${t}, ${j}) ${about}`, E.value(t, j, spec), c.values[r][n]);
        near(`column(${j})[${t}] ${about}`, wave[r], c.values[r][n]);
        for (const { run, values } of c.means)
          near(
            `pixelMean(${t}, ${run}, ${j}) ${about}`,
            E.pixelMean(t, run, j, spec),
            values[r][n],
          );
      });
    });
    positions.forEach((t, r) => {
      const vector = E.row(t, spec);
      same(`row length ${about}`, vector.length, spec.d);
      channels.forEach((j, n) => {
        near(`row(${t})[${j}] ${about}`, vector[j], c.values[r][n]);
      });
    });
    for (const { run, values } of c.means) {
      const out = E.fillAt(new Float32Array(positions.length * cols), plan, positions, run);
      values.flat().forEach((v, n) => {
        near(`fillAt run ${run} [${n}] ${about}`, out[n], v);
      });
    }
    for (const { rows, looked_at, values, ...where } of c.fills) {
      const out = E.fill(new Float32Array(rows * cols), plan, rows, where);
      looked_at.forEach((r, at) => {
        for (let n = 0; n < cols; n++)
          near(
            `fill ${JSON.stringify(where)} [${r}, ${n}] ${about}`,
            out[r * cols + n],
            values[at][n],
          );
      });
      for (const across of [2, 3]) {
        const cells = Math.ceil(cols / across);
        const means = E.fill(new Float32Array(rows * cells), plan, rows, { ...where, across });
        looked_at.forEach((r, at) => {
          for (let n = 0; n < cells; n++) {
            const part = values[at].slice(n * across, (n + 1) * across);
            near(
              `fill ${JSON.stringify(where)}, ${across} across, [${r}, ${n}] ${about}`,
              means[r * cells + n],
              part.reduce((sum, v) => sum + v, 0) / part.length,
            );
          }
        });
      }
    }
    const L = 70;
    const whole = E.table(L, spec);
    same(`table length ${about}`, whole.length, L * spec.d);
    for (const t of [0, 1, L - 1])
      for (const j of channels)
        near(`table[${t}, ${j}] ${about}`, whole[t * spec.d + j], E.value(t, j, spec));
  }

  for (const c of grid.closed) {
    const { spec } = c;
    const about = JSON.stringify(spec);
    const omegas = E.frequencies(spec);
    const waves = E.wavelengths(spec);
    same(`frequencies ${about}`, omegas.length, c.frequencies.length);
    c.frequencies.forEach((w, i) => {
      near(`frequencies[${i}] ${about}`, omegas[i] / w, 1);
      near(`wavelengths[${i}] ${about}`, waves[i] / c.wavelengths[i], 1);
    });
    c.offsets.forEach((k, n) => {
      near(`dotByOffset(${k}) ${about}`, E.dotByOffset(k, spec), c.dots[n], spec.d);
      near(`distanceByOffset(${k}) ${about}`, E.distanceByOffset(k, spec), c.distances[n], spec.d);
    });
    for (const { start, distances } of c.rows) {
      const out = E.distancesByOffset(new Float64Array(distances.length), start, spec);
      distances.forEach((far, n) => {
        near(`distancesByOffset ${start} + ${n} ${about}`, out[n], far, spec.d);
      });
    }
    for (const [i, wavelength, base] of c.bases)
      near(`baseFor(${wavelength}, ${i}) ${about}`, E.baseFor(wavelength, i, spec.d) / base, 1);
    const pair = E.closestPair(c.length, spec);
    near(`closestPair ${about}`, pair.distance, c.closest);
    near(`closestPair's offset ${about}`, E.distanceByOffset(pair.offset, spec), c.closest);
    const made = E.turns(c.length, spec);
    same(`unfinished ${about}`, made.unfinished, c.unfinished);
    c.turns.forEach((turn, i) => {
      near(`turns[${i}] ${about}`, made.turns[i], turn, Math.max(1, turn));
    });
  }

  for (const dtype of grid.names.FLOATS)
    grid.bits.values.forEach((x, n) => {
      const ours = E.roundTo(x, dtype);
      const told = Number.isFinite(ours) ? ours : null;
      same(`roundTo(${x}, ${dtype})`, told, grid.bits.rounded[dtype][n]);
    });
  for (const { length, spec, dtype, what, distinct, shared, lost } of grid.bits.counts)
    same(
      `rounded ${length} ${JSON.stringify(spec)} ${dtype} ${what}`,
      E.rounded(length, spec, dtype, what),
      { distinct, shared, lost },
    );

  for (const { softness, positions, values } of grid.counters)
    positions.forEach((t, r) => {
      values[r].forEach((v, j) => {
        near(`softened(${t}, ${j}, ${softness})`, E.softened(t, j, softness), v);
      });
    });

  for (const [spec, says] of grid.bad) {
    let told = "no error";
    try {
      E.plan(spec);
    } catch (error) {
      told = error instanceof RangeError ? error.message : String(error);
    }
    compared++;
    if (!told.startsWith(says))
      failures.push(`plan(${JSON.stringify(spec)}): ${told}, not: ${says}`);
  }
  return { compared, worst, failures };
}
