using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Passes.Calibrate;

namespace CortexMl.Compiling;

/// <summary>A calibration file that is opened and parsed once, however often it is asked: it may be a pipe.</summary>
/// <param name="path">As the user gave it.</param>
internal sealed class CalibrationSource(string path)
{
    private readonly Lazy<(string Text, CalibrationFile File, CalibrationHead Head)> _read = new(() => Read(path));

    public string Path => path;

    /// <summary>What messages call the file.</summary>
    public string Name => InputFile.DisplayName(path);

    /// <summary>As it was read, with a person's comments.</summary>
    /// <exception cref="DiagnosticException">CML0101 and others of files, CML0555, CML0802, CML0807.</exception>
    public string Text => _read.Value.Text;

    /// <inheritdoc cref="Text"/>
    public CalibrationFile File => _read.Value.File;

    /// <inheritdoc cref="Text"/>
    public CalibrationHead Head => _read.Value.Head;

    private static (string Text, CalibrationFile File, CalibrationHead Head) Read(string path)
    {
        string text = InputFile.ReadAllText(path);
        var file = new CalibrationReader(InputFile.DisplayName(path)).Read(text);
        return (text, file, CalibrationHead.Of(file));
    }
}
