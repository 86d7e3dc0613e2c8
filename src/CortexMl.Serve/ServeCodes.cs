namespace CortexMl.Serve;

/// <summary>Diagnostics of the page: 110x and 111x.</summary>
public static class ServeCodes
{
    /// <summary>A request without the token, for another host, or from another page.</summary>
    public const string Refused = "CML1100";

    /// <summary>A request that means nothing: no such address, no such job, no JSON.</summary>
    public const string Request = "CML1101";

    /// <summary>A name under which no file may be stored.</summary>
    public const string Name = "CML1102";

    /// <summary>More bytes, more files, or a stronger compression than an upload may have.</summary>
    public const string UploadLimit = "CML1103";

    /// <summary>An archive that is broken, or holds what is no file.</summary>
    public const string Archive = "CML1104";

    /// <summary>Nothing was uploaded, or nothing that is a model.</summary>
    public const string NoModel = "CML1105";

    /// <summary>What a job cannot do in its state.</summary>
    public const string JobState = "CML1106";

    /// <summary>A model that nobody can draw an input for.</summary>
    public const string Drawing = "CML1107";

    /// <summary>A page that cannot be opened here: its port is taken, or another one works in the folder.</summary>
    public const string NotOpened = "CML1108";

    /// <summary>The part of .NET that serves pages is not installed.</summary>
    public const string NoRuntime = "CML1109";
}
