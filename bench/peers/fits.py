"""Fits of logistic regression by scikit-learn and SciPy, held to one gradient norm.

The problem is  L(w, b) = sum_i l(f_i) + (lambda/2)|w|^2  with  f = X w / sqrt(N) + b,  and a fit counts when
sqrt(|dL/dw|^2 + (dL/db)^2 / N)  is at most 1e-8 of its value at w = 0, b = 0: the certificate of redistill.
"""

import time
import warnings

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

TOLERANCE = 1e-8
# what L-BFGS is asked for: its line search compares values of L, and their rounding ends it above TOLERANCE
LOOSE = 1e-6
MOST_ITERATIONS = 10000


class Problem:
    """A data matrix already divided by sqrt(N), with labels or soft labels p in [0, 1]."""

    def __init__(self, x, p, lam, n):
        self.x, self.p, self.lam, self.n = x, p, lam, n
        self.origin = self.norm(np.zeros(x.shape[1]), 0.0)

    def norm(self, w, b):
        residual = expit(self.x @ w + b) - self.p
        g = self.x.T @ residual + self.lam * w
        return np.sqrt(g @ g + residual.sum() ** 2 / self.n)

    def relative(self, w, b):
        return self.norm(w, b) / self.origin


def fastest(call, repeats):
    seconds = []
    for _ in range(repeats):
        start = time.process_time()
        result = call()
        seconds.append(time.process_time() - start)
    return min(seconds), result


def sklearn_fit(problem, solver, tol):
    model = LogisticRegression(C=1.0 / problem.lam, solver=solver, tol=tol, max_iter=MOST_ITERATIONS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(problem.x, problem.p > 0.5)
    return model.coef_[0], model.intercept_[0], model.n_iter_[0] >= MOST_ITERATIONS


def soft_fit(problem, tol):
    x, p, lam = problem.x, problem.p, problem.lam

    def value(theta):
        w, b = theta[:-1], theta[-1]
        f = x @ w + b
        residual = expit(f) - p
        loss = np.logaddexp(0.0, f).sum() - p @ f + 0.5 * lam * (w @ w)
        return loss, np.append(x.T @ residual + lam * w, residual.sum())

    options = {"maxiter": MOST_ITERATIONS, "maxfun": 2 * MOST_ITERATIONS, "maxcor": 20, "ftol": 0.0, "gtol": tol * problem.origin}
    result = minimize(value, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", options=options)
    return result.x[:-1], result.x[-1], result.nit >= MOST_ITERATIONS


def certified(problem, fit, tolerances, repeats, goal):
    """Seconds, relative gradient, and the weights of the loosest tolerance that meets the goal.

    Where none does, those of the one that came nearest; a fit that runs out of iterations is not tried again.
    """
    best = None
    for tol in tolerances:
        start = time.process_time()
        w, b, exhausted = fit(tol)
        seconds = time.process_time() - start
        relative = problem.relative(w, b)
        if best is None or relative < best[1]:
            best = (seconds, relative, w, b, tol)
        if relative <= goal or exhausted:
            break
    seconds, relative, w, b, tol = best
    if repeats > 1 and seconds < 5.0:
        seconds = min(seconds, fastest(lambda: fit(tol), repeats - 1)[0])
    return seconds, relative, w, b
