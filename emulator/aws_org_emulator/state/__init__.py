"""What an emulator keeps, besides what moto keeps."""
