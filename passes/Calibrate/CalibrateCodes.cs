namespace CortexMl.Passes.Calibrate;

/// <summary>Diagnostics of calibration: CML0550 to CML0569.</summary>
public static class CalibrateCodes
{
    /// <summary>Neither data nor a calibration file was given, or nothing that runs the network on data.</summary>
    public const string NoData = "CML0550";

    /// <summary>The data yields no sample.</summary>
    public const string Empty = "CML0551";

    /// <summary>A sample does not have the shapes of the network's inputs.</summary>
    public const string SampleShape = "CML0552";

    /// <summary>NaN or infinity in a sample or in what the network computes from it.</summary>
    public const string NotFinite = "CML0553";

    /// <summary>Values that are zero for every sample (a note).</summary>
    public const string Dead = "CML0554";

    /// <summary>A calibration file that is not one, or that has fields which make no sense.</summary>
    public const string FileMalformed = "CML0555";

    /// <summary>A calibration file of another network, or values that the file lacks or that the network lacks.</summary>
    public const string FileMismatch = "CML0556";

    /// <summary>A calibration method that fails, or that returns what is no threshold.</summary>
    public const string MethodFailed = "CML0557";
}
