"""The simulated arm as a ROS node: a trajectory of its joints in, where they are out, the guard in between."""

from __future__ import annotations

from sensor_msgs.msg import JointState
from std_msgs.msg import String
from trajectory_msgs.msg import JointTrajectory

from physio_core.errors import InputError
from physio_core.robot.arm_guard import FAULTS, ArmGuard, ArmGuardConfig, ArmRest
from physio_core.robot.limits import LONGEST_STEP_S
from physio_nodes.convert_arm import arm_request_from_msg, joint_state_msg
from physio_nodes.diagnostics import OK, WARN, Health
from physio_nodes.params import declare
from physio_nodes.qos import RELIABLE, SENSOR_OUT
from physio_nodes.run import STEADY, main_of
from physio_nodes.shell import Shell
from physio_nodes.sim_time import refuse_sim_time
from physio_sim.arm.led_arm import LedArm
from physio_sim.params import ArmConfig

PERIOD_S = 0.02
"""Of a teaching device [s]."""
SETTLED_S = 1.0
"""By then an arm that was stopped stands still [s]."""


class ArmNode(Shell):
    """Publishes `arm/joint_states` at 50 Hz; follows `arm/joint_trajectory` as far as the guard allows."""

    def __init__(self) -> None:
        """Stand in the posture of rest."""
        super().__init__("arm")
        refuse_sim_time(self, "the arm moves by this machine's steady clock")
        config = declare(self, ArmConfig)
        self._arm, self._drove_s = LedArm(config), self.now_s()
        self._guard = ArmGuard(self._arm.arm, declare(self, ArmGuardConfig), self._arm.angles_rad)
        self._told = self._guard.rest
        self._states = self.create_publisher(JointState, "arm/joint_states", SENSOR_OUT)
        self._refused = self.create_publisher(String, "arm/refused", RELIABLE)
        self.create_subscription(JointTrajectory, "arm/joint_trajectory", self._on_trajectory, RELIABLE)
        self.create_timer(PERIOD_S, self._on_period, clock=STEADY)
        self.get_logger().info(f"{config.side} arm {config.arm!r} at rest, led for patient {config.persona}")

    def close(self) -> None:
        """Stand still, whatever was asked, and say so."""
        self._guard.stop(ArmRest.ENDED)
        now_s = self.now_s()
        for number in range(round(SETTLED_S / PERIOD_S)):
            self._arm.drive(self._guard.step(now_s + number * PERIOD_S), PERIOD_S)
        self._publish()
        self.get_logger().info(f"arm {'at rest' if self._arm.still else 'moved by its patient'}")

    def _on_trajectory(self, msg: JointTrajectory) -> None:
        try:
            now_s = self.get_clock().now().nanoseconds * 1e-9
            self._guard.offer(arm_request_from_msg(msg, now_s), self.now_s())
        except InputError as error:
            self.refuse("trajectory", error)
            self._refused.publish(String(data=str(error)))

    def _on_period(self) -> None:
        now_s = self.now_s()
        self._guard.sense(self._arm.angles_rad, self._arm.speeds_rad_s, now_s)
        self._arm.drive(self._guard.step(now_s), min(now_s - self._drove_s, LONGEST_STEP_S))
        self._drove_s = now_s
        self._publish()
        if self._guard.rest is not self._told:
            self._told = self._guard.rest
            self.get_logger().info(f"standing still: {self._told.value}" if self._told else "following a trajectory")

    def _publish(self) -> None:
        arm = self._arm
        stamp = self.get_clock().now().to_msg()
        self._states.publish(joint_state_msg(arm.arm, arm.angles_rad, arm.speeds_rad_s, arm.torques_nm, stamp))

    def _health(self) -> Health:
        guard = self._guard
        counters = {"rest": guard.rest.value, "rejected": self.rejected, "waited_s": round(guard.waited_s, 2), **guard.stops}
        if guard.rest in FAULTS:
            return WARN, f"stopped: {guard.rest.value}; send another trajectory", counters
        return OK, "following a trajectory" if guard.moving else "standing still", counters


main = main_of(ArmNode)

if __name__ == "__main__":
    main()
