namespace CortexMl.Passes.Calibrate;

/// <summary>A calibration that stands in for data: put among <see cref="PassServices.Given"/>.</summary>
/// <param name="Name">Its file, for messages.</param>
public sealed record GivenCalibration(string Name, CalibrationFile File);
