"""The fixed points of the theory in NumPy and SciPy: Gauss-Legendre nodes, a vectorised Newton prox, MINPACK's hybrid solver."""

import numpy as np
from scipy.optimize import root
from scipy.special import expit

CUT = 8.25


def gaussian_nodes(count):
    z, w = np.polynomial.legendre.leggauss(count)
    z = CUT * z
    return z, CUT * w * np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)


def prox(omega, v, slope, curvature, guess=None):
    """h + v l'(h) = omega by Newton's method inside a bracket, from the last sweep's h; l' is within [-2, 2]."""
    low, high = omega - 2.0 * v, omega + 2.0 * v
    h = np.clip(np.clip(omega, -1.0, 1.0) if guess is None else guess, low, high)
    for _ in range(100):
        miss = h + v * slope(h) - omega
        low = np.where(miss < 0.0, h, low)
        high = np.where(miss > 0.0, h, high)
        step = h - miss / (1.0 + v * curvature(h))
        step = np.where((step > low) & (step < high), step, 0.5 * (low + high))
        done = np.abs(step - h) <= 1e-10 * (1.0 + np.abs(h))
        h = step
        if done.all():
            break
    return h


def sigma_slope(h):
    return expit(h) * expit(-h)


def coordinates(m, q, v, b):
    return np.array([m / np.sqrt(q), np.log(q), np.log(v), b / np.sqrt(q)])


def overlaps(x):
    q = np.exp(x[1])
    return x[0] * np.sqrt(q), q, np.exp(x[2]), x[3] * np.sqrt(q)


def solve(sweep, start):
    result = root(lambda x: sweep(x) - x, start, method="hybr", options={"xtol": 1e-13})
    return result.x


class Teacher:
    """Ridge logistic regression on labels (Eqs. 15-19)."""

    def __init__(self, alpha, eta, delta, rho, lam, nodes):
        self.alpha, self.eta, self.delta, self.rho, self.lam = alpha, eta, delta, rho, lam
        z, w = gaussian_nodes(nodes)
        self.z = np.concatenate([z, z])
        self.s = np.repeat([1.0, -1.0], nodes)
        self.w = np.concatenate([rho * w, (1.0 - rho) * w])
        self.h = None

    def field(self, m, q, v, b):
        p = 0.5 * (1.0 + self.s)
        omega = self.s * m + b + np.sqrt(self.delta * q) * self.z
        self.h = h = prox(omega, v, lambda h: expit(h) - p, sigma_slope, self.h)
        return h, (h - omega) / v, sigma_slope(h)

    def sweep(self, x):
        m, q, v, b = overlaps(x)
        h, g, c = self.field(m, q, v, b)
        stiff = self.alpha * self.delta * (self.w * c / (1.0 + v * c)).sum()
        m_hat = self.alpha * (self.w * self.s * g).sum()
        q_hat = self.alpha * self.delta * (self.w * g * g).sum()
        d = self.lam + stiff
        b = b + self.delta * self.alpha * (self.w * g).sum() / stiff
        return coordinates(self.eta * m_hat / d, self.eta * (m_hat**2 + q_hat) / d**2, self.delta * self.eta / d, b)

    def start(self):
        q = 1.0 + self.delta / (self.alpha * self.eta)
        b = 0.5 * self.delta * q * np.log(self.rho / (1.0 - self.rho)) / self.eta
        v = self.delta * self.eta / (self.lam + 0.1 * self.alpha * self.delta)
        return coordinates(self.eta, self.eta * q, v, b)

    def solve(self):
        return overlaps(solve(self.sweep, self.start()))


class Student:
    """A student that imitates a logistic teacher on half of the features (Eqs. 46-52)."""

    def __init__(self, alpha, eta, delta, rho, teacher_lam, lam, chi, temperature, nodes):
        self.alpha, self.eta, self.delta = alpha, eta, delta
        self.lam, self.chi, self.t = lam, chi, temperature
        self.teacher = Teacher(alpha, 1.0, delta, rho, teacher_lam, nodes)
        self.direct = Teacher(alpha, eta, delta, rho, lam, nodes)
        self.z, self.wz = gaussian_nodes(nodes)
        self.h = None

    def solve(self):
        teacher = self.teacher
        self.m_t, self.q_t, v_t, b_t = teacher.solve()
        h_t, g_t, c = teacher.field(self.m_t, self.q_t, v_t, b_t)
        response = 1.0 / (1.0 + v_t * c)
        self.dq_t = v_t / self.delta
        self.outer = [a[:, None] for a in (teacher.s, teacher.z, h_t, g_t, response, -c * response)]
        self.w = teacher.w[:, None] * self.wz[None, :]
        own = self.direct.solve()
        x = np.concatenate([coordinates(*own), [0.7 * np.sqrt(own[1] * self.q_t), 0.0]])
        return overlaps(solve(self.sweep, x))

    def sweep(self, x):
        m, q, v, b = overlaps(x[:4])
        cross, response = x[4], x[5]
        s, z_t, h_t, g_t, h_response, g_response = self.outer
        delta, chi, t = self.delta, self.chi, self.t
        free = max(q - cross**2 / self.q_t, 1e-14 * q)
        omega = s * m + b + np.sqrt(delta) * cross / np.sqrt(self.q_t) * z_t + np.sqrt(delta * free) * self.z
        omega = omega + delta * response * g_t
        p, soft = 0.5 * (1.0 + s), expit(h_t / t)
        slope = lambda h: (1.0 - chi) * (expit(h) - p) + chi / t * (expit(h / t) - soft)
        curvature = lambda h: (1.0 - chi) * sigma_slope(h) + chi / t**2 * sigma_slope(h / t)
        self.h = h = prox(omega, v, slope, curvature, self.h)
        g, c = -slope(h), curvature(h)
        inner = 1.0 / (1.0 + v * c)
        mean = lambda f: (self.w * f).sum()
        stiff = self.alpha * delta * mean(c * inner)
        m_hat, q_hat = self.alpha * mean(s * g), self.alpha * delta * mean(g * g)
        s_hat = self.alpha * delta * mean(g * g_t)
        mixed = -chi / t**2 * sigma_slope(h_t / t)
        ds_hat = -self.alpha * delta * mean(c * inner * delta * response * g_response + mixed * inner * h_response)
        d, a = self.lam + stiff, m_hat + ds_hat * self.m_t
        spread = (self.q_t - self.m_t**2) * ds_hat
        variance = a * a + q_hat + 2.0 * ds_hat * s_hat * self.dq_t + spread * ds_hat
        b = b + delta * self.alpha * mean(g) / stiff
        own = coordinates(self.eta * a / d, self.eta * variance / d**2, delta * self.eta / d, b)
        s_new = self.eta * (a * self.m_t + s_hat * self.dq_t + spread) / d
        return np.concatenate([own, [s_new, self.eta / d * ds_hat * self.dq_t]])
