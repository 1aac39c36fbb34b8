"""Recognises which exercise is being done, frame by frame, with an ONNX model."""
