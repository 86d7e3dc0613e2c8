namespace CortexMl.Data;

/// <summary>Diagnostics about data: 08xx.</summary>
public static class DataCodes
{
    /// <summary>A file whose kind is unknown, or that is not what its name says.</summary>
    public const string UnknownFormat = "CML0801";
    public const string Malformed = "CML0802";

    /// <summary>Samples that do not fit the network's input.</summary>
    public const string ShapeMismatch = "CML0803";
    public const string NotFinite = "CML0804";
    public const string Empty = "CML0805";
    public const string Labels = "CML0806";

    /// <summary>Preprocessing options that contradict each other or the data.</summary>
    public const string Preprocessing = "CML0807";
    public const string Image = "CML0808";

    /// <summary>The loud warning about random calibration data.</summary>
    public const string RandomData = "CML0809";

    /// <summary>How the data are prepared, and who said so (a note).</summary>
    public const string Preparation = "CML0810";

    /// <summary>Data that cannot be what the model was calibrated on.</summary>
    public const string Unlike = "CML0811";

    /// <summary>Samples without any difference: within themselves, or from each other.</summary>
    public const string Constant = "CML0812";

    /// <summary>Note: images with pixels that are not opaque.</summary>
    public const string Transparent = "CML0813";

    /// <summary>The first samples of data that are sorted by class.</summary>
    public const string Sorted = "CML0814";

    /// <summary>Class lists, and names that are or are not in them.</summary>
    public const string Classes = "CML0815";

    /// <summary>Folders whose classes nothing tells: the rank in the alphabet is a guess.</summary>
    public const string GuessedClasses = "CML0816";

    /// <summary>Labels that are not there, or that cannot all belong to the data or the network.</summary>
    public const string OddLabels = "CML0817";
}
