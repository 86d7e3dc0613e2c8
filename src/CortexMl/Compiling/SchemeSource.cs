using CortexMl.Files;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Schemes;

namespace CortexMl.Compiling;

/// <summary>A scheme file that is opened and parsed once, however often it is asked: it may be a pipe.</summary>
/// <param name="path">As the user gave it.</param>
internal sealed class SchemeSource(string path)
{
    private readonly Lazy<(SchemeFile File, CalibrationHead Head)> _read = new(() => Read(path));

    /// <summary>What somebody decided in a folder that is compiled once more.</summary>
    public SchemeSource(SchemeFile file) : this(SchemeFile.FileName) => _read = new((file, CalibrationHead.Of(file.Calibration)));

    public string Path => path;

    /// <summary>What messages call the file.</summary>
    public string Name => InputFile.DisplayName(path);

    /// <exception cref="Diagnostics.DiagnosticException">CML0101 and others of files, CML0570, CML0802, CML0807.</exception>
    public SchemeFile File => _read.Value.File;

    /// <summary>Shapes and preparation that it hands on, as a calibration file does.</summary>
    /// <inheritdoc cref="File"/>
    public CalibrationHead Head => _read.Value.Head;

    private static (SchemeFile File, CalibrationHead Head) Read(string path)
    {
        var file = new SchemeReader(InputFile.DisplayName(path)).Read(InputFile.ReadAllText(path));
        return (file, CalibrationHead.Of(file.Calibration));
    }
}
