"""Runs redistill and its peers on the same data and prints the comparison as Markdown.

usage: compare.py PEER_BINARY SCRATCH_FOLDER
       compare.py merge COMPARISON...    the first of several, its ratios as ranges over all of them
"""

import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys

# before NumPy is loaded: idle BLAS threads would burn the processor seconds that are counted
os.environ |= {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")}

import numpy as np
import scipy
import sklearn

import fits
import losses
import theory

N, ALPHA, REPEATS = 1000, 4.5, 3
RIDGES = [1e-5, 1e-3, 1e-2, 1e-1, 1.0]
TOLERANCES = {"lbfgs": [1e-6, 1e-7, 1e-8, 1e-9, 1e-10], "newton-cholesky": [1e-8, 1e-9, 1e-10, 1e-11, 1e-12]}
GOAL = {"lbfgs": fits.LOOSE, "newton-cholesky": fits.TOLERANCE}
ACCURACY = 1e-8


def cpu_model():
    info = pathlib.Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    wide = any(line.startswith("flags") and " avx512f" in line for line in lines)
    return (names[0] if names else platform.machine()) + (", AVX-512" if wide else "")


def ours(binary, *arguments):
    return json.loads(subprocess.run([binary, *map(str, arguments)], check=True, capture_output=True, text=True).stdout)


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def head(*cells):
    row(*cells)
    row(*["---"] * len(cells))


def note(relative):
    return f"{relative:.0e}" + ("" if relative <= fits.LOOSE else ", **not reached**")


def ratio(theirs, own, relative):
    return ("" if relative <= fits.TOLERANCE else "≥ ") + f"{theirs / own:.1f}"


def compare_fits(binary, scratch):
    file = scratch / "x.f32"
    report = ours(binary, "fits", N, ALPHA, REPEATS, file)
    signs = np.fromfile(file.with_name("x.f32.signs"), "<f8")
    x = np.ascontiguousarray(np.fromfile(file, "<f4").reshape(len(signs), N).astype(float) / np.sqrt(N))
    hard = 0.5 * (1.0 + signs)
    print(f"## Fits: N = {N}, M = {len(signs)}, relative gradient ≤ {fits.TOLERANCE:.0e}\n")
    head("fit", "peer", "peer's gradient", "ratio peer/redistill", "q agrees to")
    totals = {solver: 0.0 for solver in TOLERANCES}
    reached = {solver: 0 for solver in TOLERANCES}
    taught, of_teacher = None, None
    for lam in RIDGES:
        problem = fits.Problem(x, hard, lam, N)
        mine = report["single"][f"{lam:e}".replace("e+00", "e0").replace("1.000000e", "1e").replace("e-0", "e-")]
        assert mine["trials"][0]["gradient_norm"] <= fits.TOLERANCE
        for solver, tolerances in TOLERANCES.items():
            seconds, relative, w, b = fits.certified(
                problem, lambda tol: fits.sklearn_fit(problem, solver, tol), tolerances, REPEATS, GOAL[solver]
            )
            totals[solver] += seconds
            reached[solver] += relative <= fits.TOLERANCE
            agrees = abs(w @ w / N / mine["trials"][0]["q"] - 1.0)
            row(f"one ridge, λ = {lam:g}", f"scikit-learn {solver}", note(relative), ratio(seconds, mine["seconds"], relative), f"{agrees:.0e}")
            if lam == 0.1 and solver == "newton-cholesky":
                taught, of_teacher = x @ w + b, seconds
    for solver, seconds in totals.items():
        row("five ridges of Fig. 6 on one X", f"scikit-learn {solver}", f"{reached[solver]} of 5 to 1e-08",
            ("≥ " if reached[solver] < len(RIDGES) else "") + f"{seconds / report['five']['seconds']:.1f}", "")
    half = np.ascontiguousarray(x[:, : N // 2])
    problem = fits.Problem(half, 1.0 / (1.0 + np.exp(-taught)), 1e-5, N)
    seconds, relative, w, _ = fits.certified(problem, lambda tol: fits.soft_fit(problem, tol), [1e-6, 1e-7, 1e-8, 1e-9, 1e-10], REPEATS, fits.LOOSE)
    student = report["teacher_and_student"]
    agrees = abs(w @ w / N / student["trials"][0]["q"] - 1.0)
    row("teacher, λ = 0.1, and student of its soft labels, λ = 1e-5, χ = T = 1", "scikit-learn newton-cholesky, then SciPy L-BFGS-B",
        note(relative), ratio(of_teacher + seconds, student["seconds"], relative), f"{agrees:.0e}")
    print()


def compare_losses(binary, scratch):
    file = scratch / "losses.f32"
    report = ours(binary, "losses", N, ALPHA, REPEATS, file)
    signs = np.fromfile(file.with_name("losses.f32.signs"), "<f8")
    x = np.ascontiguousarray(np.fromfile(file, "<f4").reshape(len(signs), N).astype(float) / np.sqrt(N))
    mine, lam = report["fits"], report["ridge"]
    print(f"## Other losses: N = {N}, M = {len(signs)}, λ = {lam:g}\n")
    head("fit", "peer", "ratio peer/redistill", "q agrees to", "value of the peer above ours, relative")
    for name, label, peer, fit in [
        ("square", "square loss", "scikit-learn Ridge, cholesky", lambda: losses.ridge(x, signs, lam)),
        ("square_distillation", "square student of a square teacher, χ = ½", "NumPy, normal equations", lambda: losses.distillation(x, signs, lam, 0.5)),
    ]:
        seconds, (w, _) = fits.fastest(fit, REPEATS)
        row(label, peer, f"{seconds / mine[name]['seconds']:.1f}", f"{abs(w @ w / N / mine[name]['q'] - 1.0):.0e}", "")
    best = losses.hinge_value(mine["hinge"]["train_loss"] * len(signs), mine["hinge"]["q"] * N, lam)
    for tol in losses.HINGE_TOLERANCES:
        seconds, (w, b) = fits.fastest(lambda: losses.svc(x, signs, lam, tol), 1)
        value = losses.hinge_value(np.maximum(0.0, 1.0 - signs * (x @ w + b)).sum(), w @ w, lam)
        agrees = abs(w @ w / N / mine["hinge"]["q"] - 1.0)
        row("hinge loss", f"scikit-learn LinearSVC, tol = {tol:g}", f"{seconds / mine['hinge']['seconds']:.1f}", f"{agrees:.0e}", f"{value / best - 1.0:.0e}")
    print()
    print(f"redistill's fit of the hinge loss ends at a relative duality gap of {mine['hinge']['residual']:.0e}. LinearSVC puts a ridge on the bias as well, here "
          f"1/{losses.SCALING:g}² of that on the weights; it is stopped after 20,000 passes, where its value is still above ours by as much as is told, so that its ratio is a lower bound.\n")


def roofline():
    """What one thread of this machine can do at most: products of matrices, and reading and writing memory."""
    print("## Roofline of this machine, one thread\n")
    head("what", "rate")
    for kind in (np.float32, np.float64):
        a = np.random.default_rng(1).standard_normal((1500, 1500)).astype(kind)
        seconds, _ = fits.fastest(lambda: a @ a, REPEATS)
        row(f"matrix product (OpenBLAS), {np.dtype(kind).name}", f"{2 * 1500**3 / seconds / 1e9:.0f} Gflop/s")
    source = np.ones(40_000_000)
    target = np.empty_like(source)
    seconds, _ = fits.fastest(lambda: np.copyto(target, source), REPEATS)
    row("copy of 320 MB", f"{2 * source.nbytes / seconds / 1e9:.1f} GB/s")
    seconds, _ = fits.fastest(lambda: source.sum(), REPEATS)
    row("sum of 320 MB", f"{source.nbytes / seconds / 1e9:.1f} GB/s")
    print()


def settled(build):
    """The fewest nodes, doubling, at which q and m agree with twice as many to ACCURACY; those nodes, their solution."""
    nodes, last = 16, build(16).solve()
    while nodes < 4096:
        next = build(2 * nodes).solve()
        if max(abs(next[i] / last[i] - 1.0) for i in (0, 1)) <= ACCURACY:
            return nodes, last
        nodes, last = 2 * nodes, next
    return None, last


def compare_theory(binary):
    points = ours(binary, "theory", 10)
    builders = {
        "teacher": lambda n: theory.Teacher(4.5, 1.0, 1.0, 0.2, 0.1, n),
        "teacher below separability": lambda n: theory.Teacher(1.5, 1.0, 1.0, 0.2, 1e-3, n),
        "distilled": lambda n: theory.Student(4.5, 0.5, 1.0, 0.2, 0.15, 0.2, 0.5, 2.0, n),
    }
    print(f"## Theory: one point, order parameters to {ACCURACY:.0e}\n")
    head("point", "Gauss–Legendre nodes a field", "ratio peer/redistill", "q agrees to")
    for name, build in builders.items():
        nodes, solution = settled(build)
        mine = points[name]
        seconds = fits.fastest(build(nodes or 4096).solve, REPEATS)[0]
        row(name, nodes or "**not reached with 4096**", f"{seconds / mine['seconds']:.0f}", f"{abs(solution[1] / mine['q'] - 1.0):.0e}")
    print()


def merge(files):
    """The first comparison, with the least and the largest of its ratios in all of them."""
    column = None
    for lines in zip(*(pathlib.Path(file).read_text().splitlines() for file in files), strict=True):
        cells = [line.split(" | ") for line in lines]
        names = [place for place, cell in enumerate(cells[0]) if cell.startswith("ratio")]
        if names or not lines[0].startswith("|"):
            column = names[0] if names else None
        elif column is not None and not lines[0].startswith("| ---"):
            found = [row[column].strip(" |") for row in cells]
            numbers = sorted(found, key=lambda cell: float(cell.removeprefix("≥ ")))
            if numbers[0] != numbers[-1]:
                cells[0][column] = f"{numbers[0]}–{numbers[-1].removeprefix('≥ ')}" + (" |" if column + 1 == len(cells[0]) else "")
        print(" | ".join(cells[0]))


def main():
    if sys.argv[1] == "merge":
        return merge(sys.argv[2:])
    binary, scratch = sys.argv[1], pathlib.Path(sys.argv[2])
    print("# redistill against its peers\n")
    print(f"{datetime.date.today()}, {cpu_model()}, one thread each; Python {platform.python_version()}, NumPy {np.__version__}, "
          f"SciPy {scipy.__version__}, scikit-learn {sklearn.__version__}. Written by `run.sh` next to this file, whose ratios are ranges over three comparisons.\n")
    print(f"Processor seconds of the fastest of {REPEATS} runs count on either side. Ratios are times of the peer over times of redistill, which holds X as f32 and "
          f"does its arithmetic in f64; peers hold the same numbers as f64. A peer is given the loosest of its own tolerances that meets the "
          f"gradient norm, and the search for it is not counted. L-BFGS did not meet it at tighter tolerances either, where it ended between 1e-8 and 3e-7: its line search compares values of L, which round. It is held to {fits.LOOSE:.0e} instead, and its ratio, of that to redistill's time to {fits.TOLERANCE:.0e}, is a lower bound.\n")
    compare_fits(binary, scratch)
    compare_losses(binary, scratch)
    compare_theory(binary)
    roofline()
    print("The theory's peer is vectorised NumPy: nodes chosen beforehand, Newton's method for the proximal operator, MINPACK's hybrid solver for "
          "the fixed point. Finding the number of nodes is not counted for it; redistill's time includes its certificate, a solution at two or more "
          "resolutions, and for the student its observables.")


if __name__ == "__main__":
    main()
