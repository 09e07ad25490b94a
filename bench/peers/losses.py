"""Square and hinge losses by scikit-learn and NumPy, on a data matrix already divided by sqrt(N).

The problems are  sum_i (y_i - f_i)^2 / 2 + (lambda/2)|w|^2  and  sum_i max(0, 1 - y_i f_i) + (lambda/2)|w|^2  with
f = X w + b  and a bias without a ridge.
"""

import warnings

import numpy as np
from sklearn.linear_model import Ridge
from sklearn.svm import LinearSVC

# tighter ones take minutes
HINGE_TOLERANCES = [1e-1, 1e-2]
# LinearSVC has no bias without a ridge: the larger the constant feature, the smaller the ridge
SCALING = 30.0


def ridge(x, y, lam):
    model = Ridge(alpha=lam, solver="cholesky").fit(x, y)
    return model.coef_, model.intercept_


def least_squares(x, target, lam):
    centre, mean = x.mean(axis=0), target.mean()
    centred = x - centre
    w = np.linalg.solve(centred.T @ centred + lam * np.eye(x.shape[1]), centred.T @ (target - mean))
    return w, mean - centre @ w


def distillation(x, y, lam, chi):
    """A student on the first half of the features, told (1 - chi) y + chi h by a teacher on all of them."""
    w, b = least_squares(x, y, lam)
    return least_squares(x[:, : x.shape[1] // 2], (1.0 - chi) * y + chi * (x @ w + b), lam)


def svc(x, y, lam, tol):
    model = LinearSVC(C=1.0 / lam, loss="hinge", dual=True, tol=tol, max_iter=20000, intercept_scaling=SCALING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(x, y)
    return model.coef_[0], model.intercept_[0]


def hinge_value(losses, square, lam):
    return losses + 0.5 * lam * square
