"""The simulated clinic as a ROS node: what the robot's drivers publish, from a simulated room."""

from __future__ import annotations

import time

from builtin_interfaces.msg import Time
from geometry_msgs.msg import Twist, TwistStamped
from nav_msgs.msg import Odometry
from rosgraph_msgs.msg import Clock as ClockMsg
from sensor_msgs.msg import CameraInfo, Image, JointState, LaserScan

from physio_core.robot.description import fixed_transforms, robot_urdf
from physio_msgs.msg import SimTruth
from physio_nodes.camera_info import info_topic
from physio_nodes.diagnostics import OK, WARN, Health
from physio_nodes.params import declare
from physio_nodes.qos import IMAGE_OUT, RELIABLE, SENSOR_OUT
from physio_nodes.run import STEADY, main_of
from physio_nodes.shell import Shell
from physio_nodes.sim_time import refuse_sim_time
from physio_nodes.stamps import to_stamp
from physio_nodes.transforms import Transforms, describe
from physio_sim import messages
from physio_sim.clinic import Clinic
from physio_sim.ears import Ears
from physio_sim.params import ClinicNodeConfig
from physio_sim.window import Window

ODOM_HZ = 30.0
CLOCK_HZ = 100.0
SLOW_FACTOR, SLOW_IMAGES = 0.95, 0.8
"""Below this real-time factor, or share of the requested images, the machine is too slow, and says so."""


class ClinicNode(Shell):
    """Runs the clinic on the wall clock."""

    def __init__(self) -> None:
        """Build the room, declare topics and start the clocks."""
        super().__init__("clinic")
        self._config = config = declare(self, ClinicNodeConfig)
        refuse_sim_time(self, "the simulation makes the time itself (publish_clock:=true)")
        self._clinic = Clinic(config, config.personas)
        self._window = Window(self._clinic) if config.viewer else None
        self._image = self.create_publisher(Image, "camera/image_raw", IMAGE_OUT)
        self._info = self.create_publisher(CameraInfo, info_topic(self._image.topic_name), IMAGE_OUT)
        self._truth = self.create_publisher(SimTruth, "sim/truth", RELIABLE)
        self._scan = self.create_publisher(LaserScan, "scan", RELIABLE)
        self._odom = self.create_publisher(Odometry, "odom", RELIABLE)
        self._joints = self.create_publisher(JointState, "joint_states", RELIABLE)
        self._transforms = Transforms(self)
        self._transforms.fix(fixed_transforms(robot_urdf(config)))
        describe(self, robot_urdf(config))
        self._ears = Ears(self, self._clinic, self._advance)
        if config.stamped_cmd_vel:
            self.create_subscription(TwistStamped, "cmd_vel", lambda msg: self._on_command(msg.twist), RELIABLE)
        else:
            self.create_subscription(Twist, "cmd_vel", self._on_command, RELIABLE)
        self._clinic.image()  # the first one compiles the shaders and takes long
        self._started_s, self._opened_s = self.now_s(), time.time()
        for period_s, call in ((1 / config.camera_hz, self._look), (1 / ODOM_HZ, self._move), (1 / config.scan_hz, self._sweep)):
            self.create_timer(period_s, call, clock=STEADY)
        if config.publish_clock:
            self._time = self.create_publisher(ClockMsg, "/clock", SENSOR_OUT)
            self.create_timer(1 / CLOCK_HZ, self._tick, clock=STEADY)
        self.get_logger().info(f"clinic open: patient {', '.join(config.personas)}, seed {config.seed}")

    def close(self) -> None:
        """Say how well it kept up, and free the drawing surface."""
        self.get_logger().info(f"clinic closed: {self._clinic.timing}")
        if self._window is not None:
            self._window.close()
        self._clinic.close()

    def _on_command(self, twist: Twist) -> None:
        self._advance()
        self._clinic.base.command(*messages.speed(twist))

    def _look(self) -> None:
        self._advance()
        stamp = self._stamp()
        truth = self._clinic.pose_people()
        self._image.publish(messages.image_msg(self._clinic.image(), stamp))
        self._info.publish(messages.camera_info_msg(self._config, stamp))
        self._truth.publish(messages.truth_msg(truth, stamp))
        self._ears.speak(truth)
        if self._window is not None:
            self._window.show()

    def _move(self) -> None:
        self._advance()
        stamp, odometry, wheels = self._stamp(), self._clinic.base.odometry, self._clinic.base.wheels()
        self._odom.publish(messages.odometry_msg(odometry, stamp))
        self._joints.publish(messages.joint_states_msg(wheels, stamp))
        self._transforms.send(messages.transforms(odometry, wheels), stamp)

    def _sweep(self) -> None:
        self._advance()
        self._scan.publish(messages.scan_msg(self._clinic.scan(), 1 / self._config.scan_hz, self._stamp()))

    def _tick(self) -> None:
        self._advance()
        self._time.publish(ClockMsg(clock=self._stamp()))

    def _stamp(self) -> Time:
        """This machine's time, or the simulation's, which is late where the simulation is."""
        if not self._config.publish_clock:
            return self.get_clock().now().to_msg()
        return to_stamp(self._opened_s + self._clinic.now_s)

    def _advance(self) -> None:
        self._clinic.advance(self.now_s() - self._started_s)

    def _health(self) -> Health:
        timing = self._clinic.timing
        counters = {
            "real_time_factor": f"{timing.real_time_factor:.3f}",
            "picture_hz": f"{timing.image_hz:.1f}",
            "render_ms": f"{timing.render_ms:.1f}",
            "pictures": timing.images,
            "commands_rejected": self._clinic.base.rejected,
        }
        if timing.real_time_factor < SLOW_FACTOR:
            return WARN, "slower than real time", counters
        if timing.image_hz < SLOW_IMAGES * self._config.camera_hz:
            return WARN, f"fewer images than the {self._config.camera_hz:g} Hz asked for", counters
        return OK, "running", counters


main = main_of(ClinicNode)
