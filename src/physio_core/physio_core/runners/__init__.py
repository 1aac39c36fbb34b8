"""The one door of everything that runs a network at run time: ONNX Runtime, OpenVINO, LiteRT."""
