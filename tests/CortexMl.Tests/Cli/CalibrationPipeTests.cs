using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

public sealed class CalibrationPipeTests
{
    /// <summary>Input shape, preparation and thresholds come from one reading: what comes through a pipe comes once.</summary>
    [SkippableFact]
    public void A_calibration_file_is_opened_once()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "reads the standard input by its name");
        using var folder = new TemporaryFolder();
        string network = Repository.Path("golden", "models", "mnist-mlp"), symbol = Path.Combine(network, "mnist-mlp-symbol.json");
        string data = Path.Combine(network, "calibration.npy"), first = folder["first"], second = folder["second"];
        var made = CliRun.Of("compile", symbol, "-o", first, "--data", data, "--samples", "64", "--scale", "1/255");
        Assert.True(made.Exit == 0, made.Error);
        string again = $"{CliProcess.Quoted} compile '{symbol}' -o '{second}' --calibration /dev/stdin";
        var piped = CliProcess.Shell($"cat '{first}/model.calibration.json' | {again}");
        Assert.True(piped.Exit == 0, piped.Error);
        foreach (string file in (string[])["symbol", "params", "model.calibration.json", "model.io.json", "bounds.json", "model.cml"])
            Assert.Equal(File.ReadAllBytes(Path.Combine(first, file)), File.ReadAllBytes(Path.Combine(second, file)));
    }
}
